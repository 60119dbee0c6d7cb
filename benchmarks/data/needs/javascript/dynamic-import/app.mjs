const loaders = {
  csv: () => import("./formats/csv.mjs"),
  pdf: () => import("./formats/pdf.mjs"),
};

export const handler = async ({ format, id }) => {
  const { render } = await loaders[format]();
  return render(id);
};
