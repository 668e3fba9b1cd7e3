// Spans of the vault count code points; strings of a browser count UTF-16 units.

export function unitOffset(text, points) {
  let units = 0;
  for (let left = points; left > 0 && units < text.length; left -= 1) {
    units += text.codePointAt(units) > 0xffff ? 2 : 1;
  }
  return units;
}

export function unitRange(text, span) {
  const start = unitOffset(text, span.start);
  return { start, end: start + unitOffset(text.slice(start), span.end - span.start) };
}
