// Makes a `Syntax` from grammar files. The composition root says where they lie: in node_modules when run from source,
// beside the bundle when packaged. This folder is the only door to web-tree-sitter.
import type { Files } from '../base/files.ts';
import { grammars } from './languages.ts';
import type { Grammar } from './languages.ts';
import { Parsers, queryNames } from './parsers.ts';
import type { GrammarSource, QueryName } from './parsers.ts';
import type { Syntax } from './syntax.ts';
import { TreeSitterSyntax } from './treeSitterSyntax.ts';

export interface SyntaxPaths {
  /** web-tree-sitter.wasm */
  readonly runtimeWasm: string;
  readonly grammarWasm: Readonly<Record<Grammar, string>>;
  /** The repository's `grammars/` folder. */
  readonly queriesFolder: string;
}

/** Rejects when a file is missing: a broken installation, not something a user's code can cause. */
export async function loadSyntax(files: Files, paths: SyntaxPaths): Promise<Syntax> {
  const sources = new Map<Grammar, GrammarSource>();
  for (const grammar of grammars) {
    const folder = `${paths.queriesFolder}/${grammar === 'tsx' ? 'typescript' : grammar}`;
    const texts = await Promise.all(queryNames.map((name) => files.readText(`${folder}/${name}.scm`)));
    const queries = Object.fromEntries(queryNames.map((name, i) => [name, texts[i] ?? ''])) as Record<QueryName, string>;
    sources.set(grammar, { wasm: await files.read(paths.grammarWasm[grammar]), queries });
  }
  return new TreeSitterSyntax(await Parsers.load(paths.runtimeWasm, sources));
}
