// Code as names, numbers, single signs and white space; a new line takes its indentation along. Roughly right for every language.

export function lexicalTokens(text: string): string[] {
  return text.match(/[\p{L}_$][\p{L}\p{N}_$]*|\d[\w.]*|\r?\n[ \t]*|[ \t]+|[^]/gu) ?? [];
}
