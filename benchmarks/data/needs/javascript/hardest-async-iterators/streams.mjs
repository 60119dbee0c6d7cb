export async function* filtered(source, wanted) {
  for await (const one of source) if (wanted(one)) yield one;
}

export async function* chunks(source, size) {
  let part = [];
  for await (const one of source) {
    part.push(one);
    if (part.length === size) {
      yield part;
      part = [];
    }
  }
  if (part.length) yield part;
}
