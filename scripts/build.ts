// Bundles every process's entry into dist/ and lays the run-time assets beside it.
// onnxruntime-node stays external: it loads its native library by a path relative to its own package.
import { build, type BuildOptions } from 'esbuild';
import { chmod, copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
// --inputs FILE: where to list every source file that went into a bundle, so that packaging knows whose licences apply.
const { values } = parseArgs({ options: { outdir: { type: 'string' }, inputs: { type: 'string' } } });
const dist = resolve(root, values.outdir ?? 'dist');
const inputs = new Set<string>();

const nodeFile: BuildOptions = {
  outdir: dist,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  sourcemap: 'linked',
  logLevel: 'warning',
};

await rm(dist, { recursive: true, force: true });
await mkdir(join(dist, 'wasm'), { recursive: true });

await bundle({
  entryPoints: {
    cli: join(root, 'server/cli.ts'),
    engineMain: join(root, 'server/engineMain.ts'),
    learnerMain: join(root, 'server/learnerMain.ts'),
    serverMain: join(root, 'server/main.ts'),
  },
  ...nodeFile,
  external: ['vscode', 'onnxruntime-node'],
  loader: { '.md': 'text', '.scm': 'text' },
  // The ESM build of web-tree-sitter reads import.meta.url, which a CJS bundle does not have.
  alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
});
await chmod(join(dist, 'cli.cjs'), 0o755);

// The extension is a small file that the extension host loads at start-up; what it imports dynamically are files of their own, loaded when needed.
await bundle({
  entryPoints: {
    extension: join(root, 'src/extension.ts'),
    client: join(root, 'src/client.ts'),
    reviewPanel: join(root, 'src/webviews/reviewPanel.ts'),
  },
  ...nodeFile,
  minify: true,
  external: ['vscode'],
  // `import()` becomes `require`: only that sees the extension host's own `vscode` module.
  supported: { 'dynamic-import': false },
  plugins: [
    {
      name: 'files of their own',
      setup(bundle) {
        bundle.onResolve({ filter: /^\./ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path: `./${basename(path, '.ts')}.cjs`, external: true } : null));
      },
    },
  ],
});

await bundle({
  entryPoints: ['reviewPage.ts', 'reviewPage.css'].map((name) => join(root, 'src/webviews/page', name)),
  outdir: join(dist, 'webview'),
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  minify: true,
  logLevel: 'warning',
});

const wasm = [
  [require.resolve('web-tree-sitter'), 'web-tree-sitter.wasm'],
  [require.resolve('tree-sitter-typescript/package.json'), 'tree-sitter-typescript.wasm'],
  [require.resolve('tree-sitter-typescript/package.json'), 'tree-sitter-tsx.wasm'],
  [require.resolve('tree-sitter-javascript/package.json'), 'tree-sitter-javascript.wasm'],
  [require.resolve('tree-sitter-python/package.json'), 'tree-sitter-python.wasm'],
] as const;
for (const [near, name] of wasm) await lay(join(dirname(near), name), join(dist, 'wasm', name));

await mkdir(join(dist, 'charts'));
for (const name of ['uPlot.iife.min.js', 'uPlot.min.css']) await lay(join(root, 'node_modules', 'uplot', 'dist', name), join(dist, 'charts', name));

const grammars = join(root, 'grammars');
for (const language of await readdir(grammars).catch(() => [])) {
  const files = await readdir(join(grammars, language)).catch(() => []);
  for (const file of files.filter((name) => name.endsWith('.scm'))) {
    await mkdir(join(dist, 'grammars', language), { recursive: true });
    await copyFile(join(grammars, language, file), join(dist, 'grammars', language, file));
  }
}

if (values.inputs !== undefined) await writeFile(values.inputs, JSON.stringify([...inputs].sort(), null, 2));

async function bundle(options: BuildOptions): Promise<void> {
  const { metafile } = await build({ ...options, absWorkingDir: root, metafile: true });
  for (const [path, { inputs: parts }] of Object.entries(metafile.outputs)) {
    if (path.endsWith('.map')) continue;
    for (const [part, { bytesInOutput }] of Object.entries(parts)) if (bytesInOutput > 0) inputs.add(part);
  }
}

async function lay(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  inputs.add(relative(root, from).replaceAll('\\', '/'));
}
