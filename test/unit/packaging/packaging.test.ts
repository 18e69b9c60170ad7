// What a package holds: one platform's files, a manifest without the working copy's parts, everybody's licence.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bySection } from '../../../scripts/packaging/bySection.ts';
import { shippedManifest } from '../../../scripts/packaging/manifest.ts';
import { nativeFilesIn, nativeFolderOf, targets } from '../../../scripts/packaging/nativeFiles.ts';
import { packageFoldersOf, thirdPartyNotices } from '../../../scripts/packaging/notices.ts';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const runtime = join(root, 'node_modules', 'onnxruntime-node');

describe('the native runtime of a package', () => {
  it.each(targets)('is there for %s', (target) => {
    const folder = nativeFolderOf(target);
    expect(folder).not.toBeNull();
    expect(nativeFilesIn(join(runtime, folder ?? ''))).toContain('onnxruntime_binding.node');
  });

  it.each(['darwin-x64', 'alpine-x64', 'web', '../..'])('is not claimed for %s', (target) => {
    expect(nativeFolderOf(target)).toBeNull();
  });
});

describe('the manifest of a package', () => {
  it('keeps what the editor reads and drops what only a working copy needs', () => {
    const shipped = shippedManifest({ name: 'graft', engines: { node: '>=20', vscode: '^1.91.0' }, scripts: {}, devDependencies: {}, dependencies: {}, private: true, main: './m.cjs' });
    expect(shipped).toEqual({ name: 'graft', engines: { vscode: '^1.91.0' }, main: './m.cjs' });
  });
});

describe('the licences of a package', () => {
  it('are those of the packages whose files went in, nested and scoped ones too', () => {
    expect(packageFoldersOf(['server/a.ts', 'node_modules/zod/x.js', 'node_modules/@a/b/c.js', 'node_modules/@a/b/d.js', 'node_modules/q/node_modules/ms/e.js'])).toEqual([
      'node_modules/@a/b', 'node_modules/q/node_modules/ms', 'node_modules/zod',
    ]);
  });

  it('are there in full, also for a package that carries none', () => {
    const text = thirdPartyNotices(root, ['node_modules/zod', 'node_modules/onnxruntime-node']);
    expect(text).toContain('Colin McDonnell');
    expect(text).toContain('Copyright (c) Microsoft Corporation');
  });
});

it('counts every packaged file in one section', () => {
  const files = ['dist/a.cjs', 'dist/node_modules/onnxruntime-node/x.node', 'models/starter/config.json', 'media/a.svg', 'package.json'].map((path) => ({ path, bytes: 1 }));
  expect(bySection(files).map(({ count }) => count)).toEqual([1, 1, 1, 1, 1]);
});

it('has the files that .vscodeignore and the staging name', () => {
  for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE', 'media', 'models/starter']) expect(existsSync(join(root, name))).toBe(true);
});
