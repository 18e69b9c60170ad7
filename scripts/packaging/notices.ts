// The licences of everything that ships and is not ours, from the packages whose files went into the build.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folders of npm packages that files below node_modules belong to, relative to the repository's root. */
export function packageFoldersOf(paths: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const at = path.lastIndexOf('node_modules/');
    if (at < 0) continue;
    const below = path.slice(at + 'node_modules/'.length).split('/');
    folders.add(path.slice(0, at) + join('node_modules', ...below.slice(0, below[0]?.startsWith('@') ? 2 : 1)));
  }
  return [...folders].sort();
}

export function thirdPartyNotices(root: string, folders: readonly string[]): string {
  const parts = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Record<string, string>;
    return `${name} ${version} (${license})\n\n${licenceText(join(root, folder), name ?? folder)}\n`;
  });
  return `Graft contains the following software of others.\n\n${parts.join(`\n${'-'.repeat(100)}\n\n`)}`;
}

/** These packages say MIT and carry no text of it; the text is their repository's. */
const withoutText: Readonly<Record<string, string>> = {
  'onnxruntime-node': 'https://github.com/microsoft/onnxruntime, which also lists what its native library is built from (ThirdPartyNotices.txt)',
  'onnxruntime-common': 'https://github.com/microsoft/onnxruntime',
};

function licenceText(folder: string, name: string): string {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file) && !/\.(js|ts)$/.test(file)).sort();
  if (files.length > 0) return files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
  const source = withoutText[name];
  const mit = join(import.meta.dirname, 'microsoftMit.txt');
  if (source === undefined || !existsSync(mit)) throw new Error(`${name} ships without a licence text: find it and name it in scripts/packaging/notices.ts.`);
  return `${readFileSync(mit, 'utf8').trim()}\n\nFrom ${source}.`;
}
