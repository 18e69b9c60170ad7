// An extension that does nothing but ask for the editor's API: the floor of what activation costs.
import { createVSIX } from '@vscode/vsce';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export async function buildEmpty(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'empty', displayName: 'Empty', publisher: 'graft', version: '0.0.1', engines: { vscode: '^1.91.0' }, main: './entry.cjs', activationEvents: ['onStartupFinished'] };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'entry.cjs'), "const { workspace } = require('vscode');\nexports.activate = () => void workspace.isTrusted;\n");
  writeFileSync(join(folder, 'README.md'), 'Activates and does nothing.\n');
  writeFileSync(join(folder, 'LICENSE'), 'MIT\n');
  const vsix = join(folder, 'empty.vsix');
  await createVSIX({ cwd: folder, packagePath: vsix, dependencies: false, allowMissingRepository: true });
  return vsix;
}
