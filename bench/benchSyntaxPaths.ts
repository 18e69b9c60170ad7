// Where the grammars lie when benchmarks run from source.
import { fileURLToPath } from 'node:url';
import type { SyntaxPaths } from '../server/syntax/loadSyntax.ts';

const modules = fileURLToPath(new URL('../node_modules', import.meta.url));

export const benchSyntaxPaths: SyntaxPaths = {
  runtimeWasm: `${modules}/web-tree-sitter/web-tree-sitter.wasm`,
  grammarWasm: {
    typescript: `${modules}/tree-sitter-typescript/tree-sitter-typescript.wasm`,
    tsx: `${modules}/tree-sitter-typescript/tree-sitter-tsx.wasm`,
    javascript: `${modules}/tree-sitter-javascript/tree-sitter-javascript.wasm`,
    python: `${modules}/tree-sitter-python/tree-sitter-python.wasm`,
  },
  queriesFolder: fileURLToPath(new URL('../grammars', import.meta.url)),
};
