const plugins = {
  checksum: () => import("./checksum.mjs"),
  scan: () => import("./scan.mjs"),
  redact: () => import("./redact.mjs"),
};

export const load = async (name) => {
  const { default: plugin } = await plugins[name]();
  return plugin;
};
