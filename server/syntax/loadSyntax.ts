// Makes a `Syntax` from grammar files. The composition root says where they lie: in node_modules when run from source,
// beside the bundle when packaged. This folder is the only door to web-tree-sitter.
import type { Files } from '../base/files.ts';
import type { Syntax } from './syntax.ts';

export interface SyntaxPaths {
  /** web-tree-sitter.wasm */
  readonly runtimeWasm: string;
  readonly grammarWasm: Readonly<Record<'typescript' | 'tsx' | 'javascript' | 'python', string>>;
  /** The repository's `grammars/` folder. */
  readonly queriesFolder: string;
}

export async function loadSyntax(files: Files, paths: SyntaxPaths): Promise<Syntax> {
  void files;
  void paths;
  throw new Error('not built yet');
}
