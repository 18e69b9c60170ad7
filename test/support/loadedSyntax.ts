// A real `Syntax` with the grammars from node_modules, loaded once per test file.
import { fileURLToPath } from 'node:url';
import { nodeFiles } from '../../server/host/nodeFiles.ts';
import { loadSyntax } from '../../server/syntax/loadSyntax.ts';
import type { SyntaxPaths } from '../../server/syntax/loadSyntax.ts';
import type { Syntax } from '../../server/syntax/syntax.ts';

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const modules = `${root}/node_modules`;

export const sourceTreeSyntaxPaths: SyntaxPaths = {
  runtimeWasm: `${modules}/web-tree-sitter/web-tree-sitter.wasm`,
  grammarWasm: {
    typescript: `${modules}/tree-sitter-typescript/tree-sitter-typescript.wasm`,
    tsx: `${modules}/tree-sitter-typescript/tree-sitter-tsx.wasm`,
    javascript: `${modules}/tree-sitter-javascript/tree-sitter-javascript.wasm`,
    python: `${modules}/tree-sitter-python/tree-sitter-python.wasm`,
  },
  queriesFolder: `${root}/grammars`,
};

let loaded: Promise<Syntax> | undefined;

export function loadedSyntax(): Promise<Syntax> {
  return (loaded ??= loadSyntax(nodeFiles, sourceTreeSyntaxPaths));
}
