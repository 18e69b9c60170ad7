// Where an installation of Graft keeps its own files, and where it may keep a user's: the same for every composition root.
import { availableParallelism, homedir, tmpdir } from 'node:os';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SyntaxPaths } from './syntax/loadSyntax.ts';

export interface Installation {
  /** The folder that holds package.json, dist/ and models/. */
  readonly root: string;
  readonly engineModule: string;
  readonly starterFolder: string;
  readonly syntax: SyntaxPaths;
  /** The chart library that reports carry inside. */
  readonly chartFolder: string;
}

export function installationAt(root: string): Installation {
  const wasm = join(root, 'dist', 'wasm');
  return {
    root,
    engineModule: join(root, 'dist', 'engineMain.cjs'),
    starterFolder: join(root, 'models', 'starter'),
    syntax: {
      runtimeWasm: join(wasm, 'web-tree-sitter.wasm'),
      grammarWasm: {
        typescript: join(wasm, 'tree-sitter-typescript.wasm'),
        tsx: join(wasm, 'tree-sitter-tsx.wasm'),
        javascript: join(wasm, 'tree-sitter-javascript.wasm'),
        python: join(wasm, 'tree-sitter-python.wasm'),
      },
      queriesFolder: join(root, 'dist', 'grammars'),
    },
    chartFolder: join(root, 'dist', 'charts'),
  };
}

export async function readChartLibrary({ chartFolder }: Installation): Promise<{ script: string; style: string }> {
  const [script, style] = await Promise.all([readFile(join(chartFolder, 'uPlot.iife.min.js'), 'utf8'), readFile(join(chartFolder, 'uPlot.min.css'), 'utf8')]);
  return { script, style };
}

/** Models, weight caches and hashes; never a repository's state. */
export function userCacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment['GRAFT_CACHE']) return environment['GRAFT_CACHE'];
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'graft');
  if (process.platform === 'win32') return join(environment['LOCALAPPDATA'] ?? homedir(), 'graft');
  return join(environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'graft');
}

export function temporaryFolder(): string {
  return tmpdir();
}

/** Learning takes what the machine has, up to four threads: beyond that these matrix sizes gain little and the editor suffers. */
export function defaultThreads(): number {
  return Math.max(1, Math.min(4, availableParallelism()));
}
