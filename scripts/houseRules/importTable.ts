// DESIGN's import table as data: which folders of server/ (and src/, native/, …) a folder may import, which npm packages,
// and which Node built-ins beyond the pure ones. `main` walks the sources and reports every import that is not listed here.

export interface FolderRule {
  /** Other folders (longest-prefix names below) that may be imported; a folder may always import itself. */
  readonly folders: readonly string[];
  readonly packages?: readonly string[];
  /** Built-ins beyond `pureBuiltins`. '*' is any. */
  readonly builtins?: readonly string[];
}

/** Built-ins without effects: any folder may use them. */
export const pureBuiltins = ['node:crypto', 'node:path', 'node:path/posix', 'node:util', 'node:buffer'];

const engineParts = [
  'server/engine/graph',
  'server/engine/autodiff',
  'server/engine/optim',
  'server/engine/lora',
  'server/engine/model',
  'server/engine/onnx',
  'server/engine/runtime',
  'server/engine/generate',
  'server/engine/train',
];

export const importTable: Readonly<Record<string, FolderRule>> = {
  'server/base': { folders: [] },
  'server/host': { folders: ['server/base'], packages: ['proper-lockfile'], builtins: ['*'] },
  'server/protocol': { folders: [], packages: ['zod'] },
  'server/config': { folders: ['server/base'], packages: ['zod'] },
  'server/tokenizer': { folders: ['server/base'], packages: ['@huggingface/tokenizers', 'zod'] },
  'server/adapterFormat': { folders: ['server/base'], packages: ['zod'] },
  'server/engine/graph': { folders: ['server/base'] },
  'server/engine/autodiff': { folders: ['server/base', 'server/engine/graph'] },
  'server/engine/optim': { folders: ['server/base', 'server/engine/graph'] },
  'server/engine/lora': { folders: ['server/base', 'server/engine/graph', 'server/adapterFormat'] },
  'server/engine/model': {
    folders: ['server/base', 'server/engine/graph', 'server/engine/autodiff', 'server/engine/lora', 'server/adapterFormat'],
    packages: ['zod'],
  },
  'server/engine/onnx': { folders: ['server/base', 'server/engine/graph'], packages: ['onnx-proto', 'protobufjs'] },
  'server/engine/runtime': { folders: ['server/base', 'server/engine/graph', 'server/engine/onnx'] },
  'server/engine/runtime/onnxruntime': {
    folders: ['server/base', 'server/engine/graph', 'server/engine/onnx', 'server/engine/runtime'],
    packages: ['onnxruntime-node'],
  },
  'server/engine/generate': { folders: ['server/base', 'server/tokenizer', ...engineParts] },
  'server/engine/train': { folders: ['server/base', 'server/tokenizer', ...engineParts] },
  'server/engine/service': {
    folders: ['server/base', 'server/protocol', 'server/tokenizer', 'server/adapterFormat', ...engineParts],
    packages: ['zod'],
  },
  'server/engineClient': { folders: ['server/base', 'server/protocol'] },
  'server/languageModel': { folders: ['server/base', 'server/protocol', 'server/tokenizer'] },
  'server/models': { folders: ['server/base', 'server/protocol'], packages: ['zod'] },
  'server/git': { folders: ['server/base'] },
  'server/syntax': { folders: ['server/base'], packages: ['web-tree-sitter', 'diff'] },
  'server/filters': {
    folders: ['server/base'],
    packages: ['ignore', '@secretlint/core', '@secretlint/profiler', '@secretlint/secretlint-rule-preset-recommend'],
  },
  'server/selfEdit': { folders: ['server/base', 'server/tokenizer', 'server/syntax'], packages: ['zod'] },
  'server/reward': { folders: ['server/base', 'server/syntax'], packages: ['tap-parser', 'zod'] },
  'server/store': { folders: ['server/base', 'server/adapterFormat'], packages: ['zod'] },
  'server/learning': {
    folders: [
      'server/base', 'server/git', 'server/syntax', 'server/filters', 'server/selfEdit', 'server/reward', 'server/store',
    ],
    packages: ['zod'],
  },
  'server/completion': { folders: ['server/base', 'server/tokenizer', 'server/syntax'] },
  'server/ask': { folders: ['server/base', 'server/tokenizer'] },
  'server/evaluation': {
    folders: [
      'server/base', 'server/git', 'server/syntax', 'server/filters', 'server/selfEdit', 'server/reward', 'server/store',
      'server/learning', 'server/completion',
    ],
    packages: ['fastest-levenshtein', 'diff'],
  },
  /** The language server's requests; everything but the engine. */
  'server/lsp': {
    folders: [
      'server/base', 'server/protocol', 'server/config', 'server/tokenizer', 'server/git', 'server/syntax', 'server/filters', 'server/selfEdit',
      'server/reward', 'server/store', 'server/learning', 'server/completion', 'server/ask', 'server/models', 'server/languageModel', 'server/engineClient',
    ],
    packages: ['vscode-languageserver', 'vscode-languageserver-textdocument', 'zod'],
  },
  'server/report': { folders: ['server/base', 'server/store', 'server/evaluation'] },
  /** Composition roots. */
  server: { folders: ['*'], packages: ['commander', 'cli-table3', 'zod'], builtins: ['*'] },
  src: { folders: ['server/protocol', 'src/words'], packages: ['vscode', 'vscode-languageclient'], builtins: [] },
  /** Words and figures as the user reads them, in the editor and in a webview's page. */
  'src/words': { folders: [] },
  /** What runs in a webview's page: bundled for the browser. */
  'src/webviews/page': { folders: ['server/protocol', 'src/words'], packages: ['@vscode-elements/elements', 'uplot'], builtins: [] },
  native: { folders: [] },
  demo: { folders: ['*'], packages: ['*'], builtins: ['*'] },
  bench: { folders: ['*'], packages: ['*'], builtins: ['*'] },
  scripts: { folders: ['*'], packages: ['*'], builtins: ['*'] },
  starter: { folders: ['*'], packages: ['*'], builtins: ['*'] },
  test: { folders: ['*'], packages: ['*'], builtins: ['*'] },
};

/** Words that say nothing; a file or folder named so is refused. */
export const bannedNames = ['utils', 'util', 'helpers', 'helper', 'common', 'manager', 'misc', 'index'];
