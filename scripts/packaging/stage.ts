// Lays out one platform's package in an empty folder: a fresh build, the native runtime, the starter model, pictures, documents, licences.
// vsce then takes what .vscodeignore names. The runtime lies in dist/node_modules, where engineMain.cjs finds it first: vsce reads the root's
// node_modules only through npm, which would want the runtime's download tools too.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { shippedManifest } from './manifest.ts';
import { nativeFilesIn, nativeFolderOf } from './nativeFiles.ts';
import { packageFoldersOf, thirdPartyNotices } from './notices.ts';

const tsx = createRequire(import.meta.url).resolve('tsx/cli');

export function stage({ root, folder, target }: { root: string; folder: string; target: string }): void {
  const dist = join(folder, 'dist');
  const inputs = join(folder, 'inputs.json');
  execFileSync(process.execPath, [tsx, join(root, 'scripts/build.ts'), '--outdir', dist, '--inputs', inputs], { stdio: 'inherit' });
  layRuntime({ root, dist, target });
  for (const part of ['media', 'models/starter']) cpSync(join(root, part), join(folder, part), { recursive: true });
  for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore']) copyFileSync(join(root, name), join(folder, name));
  const bundled = packageFoldersOf(JSON.parse(readFileSync(inputs, 'utf8')) as string[]);
  writeFileSync(join(folder, 'THIRD_PARTY_NOTICES.txt'), thirdPartyNotices(root, [...bundled, 'node_modules/onnxruntime-common', 'node_modules/onnxruntime-node']));
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(shippedManifest(manifest), null, 2)}\n`);
}

function layRuntime({ root, dist, target }: { root: string; dist: string; target: string }): void {
  const native = nativeFolderOf(target);
  if (native === null) throw new Error(`no native runtime for ${target}`);
  const from = join(root, 'node_modules');
  const to = join(dist, 'node_modules');
  const code = (path: string): boolean => !/\.(map|d\.ts)$/.test(path);
  for (const [name, scripts] of [['onnxruntime-node', 'dist'], ['onnxruntime-common', 'dist/cjs']] as const) {
    mkdirSync(join(to, name, dirname(scripts)), { recursive: true });
    copyFileSync(join(from, name, 'package.json'), join(to, name, 'package.json'));
    cpSync(join(from, name, scripts), join(to, name, scripts), { recursive: true, filter: code });
  }
  mkdirSync(join(to, 'onnxruntime-node', native), { recursive: true });
  for (const file of nativeFilesIn(join(from, 'onnxruntime-node', native))) {
    copyFileSync(join(from, 'onnxruntime-node', native, file), join(to, 'onnxruntime-node', native, file));
  }
}
