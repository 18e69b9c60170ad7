// `npm run test:electron`: the suite inside the extension host (test/workbench/inHost) in the desktop editor, which @vscode/test-electron downloads
// from Microsoft: for machines that can reach it. GRAFT_VSCODE names an installed one instead. The oldest supported release: -- --version 1.91.0.
import { runTests } from '@vscode/test-electron';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { hostTarget } from '../../scripts/packaging/nativeFiles.ts';
import { stage } from '../../scripts/packaging/stage.ts';
import { buildInHost } from './inHost/buildInHost.ts';

const { values } = parseArgs({ options: { version: { type: 'string', default: 'stable' } } });
const scratch = mkdtempSync(join(tmpdir(), 'graft-electron-'));
const executable = process.env['GRAFT_VSCODE'];
try {
  const extension = join(scratch, 'extension');
  stage({ root: dirname(dirname(import.meta.dirname)), folder: extension, target: hostTarget() });
  const { entry } = await buildInHost(join(scratch, 'in-host'));
  await runTests({
    ...(executable === undefined ? { version: values.version } : { vscodeExecutablePath: executable }),
    extensionDevelopmentPath: extension,
    extensionTestsPath: entry,
    launchArgs: [scratch, '--disable-extensions', '--disable-workspace-trust', `--user-data-dir=${join(scratch, 'user-data')}`],
  });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
