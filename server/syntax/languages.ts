// Which language a file is in, by its name alone, and which grammar and queries read it.

export const grammars = ['typescript', 'tsx', 'javascript', 'python'] as const;
export type Grammar = (typeof grammars)[number];

/** The folder of queries under grammars/; tsx shares TypeScript's. */
export type Language = 'typescript' | 'javascript' | 'python';

const grammarByExtension: Readonly<Record<string, Grammar>> = {
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'tsx',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  py: 'python',
  pyi: 'python',
};

export function grammarOf(path: string): Grammar | null {
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(grammarByExtension, extension) ? (grammarByExtension[extension] ?? null) : null;
}

export function languageOf(path: string): Language | null {
  const grammar = grammarOf(path);
  return grammar === 'tsx' ? 'typescript' : grammar;
}
