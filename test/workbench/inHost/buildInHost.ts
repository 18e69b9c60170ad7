// Bundles the suite into a small extension of its own, as a folder (for @vscode/test-electron) and as a VSIX (for an editor that installs it).
import { createVSIX } from '@vscode/vsce';
import { build } from 'esbuild';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface BuiltSuite {
  readonly entry: string;
  readonly vsix: string;
}

export async function buildInHost(folder: string): Promise<BuiltSuite> {
  mkdirSync(folder, { recursive: true });
  const entry = join(folder, 'entry.cjs');
  await build({ entryPoints: [join(import.meta.dirname, 'entry.ts')], outfile: entry, bundle: true, platform: 'node', format: 'cjs', target: 'node20', external: ['vscode'], logLevel: 'error' });
  const manifest = {
    name: 'graft-in-host',
    publisher: 'graft',
    version: '0.0.1',
    engines: { vscode: '^1.91.0' },
    main: './entry.cjs',
    activationEvents: ['onStartupFinished'],
    capabilities: { untrustedWorkspaces: { supported: true } },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'README.md'), 'The tests of Graft that run inside the extension host.\n');
  writeFileSync(join(folder, 'LICENSE'), 'MIT\n');
  const vsix = join(folder, 'in-host.vsix');
  await createVSIX({ cwd: folder, packagePath: vsix, dependencies: false, allowMissingRepository: true });
  return { entry, vsix };
}
