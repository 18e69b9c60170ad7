// The beginning of a file as far as its import statements go: what a prompt's context is looked up by. It stays the same text while the user
// types below it, so it is parsed once, where the whole of a file of 100 KB would hold up the server for 70 ms every few lines.

/** Imports below this are not looked for. */
const longestHead = 16_000;
const importLine = /^[ \t]*(?:import\b|from\b|export\b[^;\n]*\bfrom\b|\}[ \t]*from\b).*|\brequire\(.*/gm;

export function importHead(text: string): string {
  const head = text.slice(0, longestHead);
  let end = 0;
  for (const { index, 0: line } of head.matchAll(importLine)) end = index + line.length;
  if (end === 0) return '';
  // A list of names may go on over several lines; a blank line ends it.
  const blank = /\n[ \t]*\r?\n/g;
  blank.lastIndex = end;
  return head.slice(0, blank.exec(head)?.index ?? head.length);
}
