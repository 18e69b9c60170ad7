// Encodes what was encoded before from memory, line by line: between two keys a prompt differs in one line, and reading the others again is
// most of what the language server does at a key.
// Invariant: the same ids as the plain encoder gives. It holds because the patterns below end a piece at each line's end and begin none there
// that reaches back: what stands before a line that is not blank never changes how that line is split, nor the other way round.

/** How Qwen2 (and the starter family) and Llama 3 cut text into the pieces within which tokens are merged. */
const patternsThatEndAtLines: readonly string[] = [
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
];

export function endsPiecesAtLines(pattern: string): boolean {
  return patternsThatEndAtLines.includes(pattern);
}

/** Forgotten half by half: the lines of a few prompts and of the files around them. */
const rememberedLines = 4_000;
const longestLine = 400;

export function rememberedByLine(encode: (text: string) => readonly number[]): (text: string) => number[] {
  let young = new Map<string, readonly number[]>();
  let old = young;
  const ofLine = (line: string): readonly number[] => {
    let ids = young.get(line);
    if (ids !== undefined) return ids;
    ids = old.get(line) ?? encode(line);
    if (line.length > longestLine) return ids;
    if (young.size >= rememberedLines) [old, young] = [young, new Map()];
    young.set(line, ids);
    return ids;
  };
  return (text) => {
    const ids: number[] = [];
    for (const line of linesOf(text)) for (const id of ofLine(line)) ids.push(id);
    return ids;
  };
}

/** Each with its end; blank lines stand with the line before them, since white space over several line ends is one piece. */
function* linesOf(text: string): Generator<string> {
  let start = 0;
  for (const { index } of text.matchAll(/[\r\n](?=[^\S\r\n]*\S)/g)) {
    yield text.slice(start, index + 1);
    start = index + 1;
  }
  if (start < text.length) yield text.slice(start);
}
