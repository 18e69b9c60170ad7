// One change that leads from a text to another: what an edit did, without asking the editor for its own account of it.

export interface TextChange {
  readonly start: number;
  readonly removed: number;
  readonly inserted: string;
}

const block = 4096;

/** Null where the texts are equal. */
export function textDifference(before: string, after: string): TextChange | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  // Whole blocks first: comparing two strings is far quicker than their characters one by one, and this runs at each key.
  while (start + block <= shorter && before.slice(start, start + block) === after.slice(start, start + block)) start += block;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let end = 0;
  while (end + block <= shorter - start && before.slice(before.length - end - block, before.length - end) === after.slice(after.length - end - block, after.length - end)) end += block;
  while (end < shorter - start && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) end++;
  return { start, removed: before.length - end - start, inserted: after.slice(start, after.length - end) };
}
