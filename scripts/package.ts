// `npm run package [-- --target linux-x64 --out FILE]`: the VSIX of one platform, built afresh in a folder of its own (dist/ stays as it is).
// Says what is inside and how large it is, and fails over the size that was promised.
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bySection } from './packaging/bySection.ts';
import { hostTarget, nativeFolderOf, targets } from './packaging/nativeFiles.ts';
import { stage } from './packaging/stage.ts';

const largestVsixMb = 80;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { target: { type: 'string', default: hostTarget() }, out: { type: 'string' } } });
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const { target } = values;
if (nativeFolderOf(target) === null) {
  console.error(`There is no native runtime for ${target}. Choose one of: ${targets.join(', ')}.`);
  process.exit(2);
}
const vsix = resolve(values.out ?? join(root, 'out', `graft-${target}-${version}.vsix`));

const folder = mkdtempSync(join(tmpdir(), 'graft-package-'));
try {
  stage({ root, folder, target });
  mkdirSync(dirname(vsix), { recursive: true });
  await createVSIX({ cwd: folder, packagePath: vsix, target, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
  const files = (await listFiles({ cwd: folder, packageManager: PackageManager.None })).map((path) => ({ path, bytes: statSync(join(folder, path)).size }));
  for (const { name, count, bytes } of bySection(files)) console.log(`${name.padEnd(28)} ${String(count).padStart(4)} files ${megabytes(bytes).padStart(8)} MB`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const sizeMb = statSync(vsix).size / 1e6;
console.log(`\n${vsix}: ${sizeMb.toFixed(1)} MB (at most ${largestVsixMb})`);
if (sizeMb > largestVsixMb) {
  console.error('The package is larger than promised.');
  process.exitCode = 1;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(2);
}
