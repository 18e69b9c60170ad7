// Fetches the packages of corpus.json under their exact versions and writes WORK/files.jsonl, one source file per line.
// Every archive is checked against the recorded integrity. Usage: npx tsx starter/fetchCorpus.ts WORK
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Corpus, SourceFile } from './corpus.ts';

const work = process.argv[2] ?? 'work';
const corpus = JSON.parse(readFileSync(join(import.meta.dirname, 'corpus.json'), 'utf8')) as Corpus;
const archives = join(work, 'tgz');
const trees = join(work, 'packages');
mkdirSync(archives, { recursive: true });
mkdirSync(trees, { recursive: true });

const seen = new Set<string>();
const out = createWriteStream(join(work, 'files.jsonl'));
const counts = new Map<string, number>();

for (const [heldOut, entries] of [[true, corpus.heldOut], [false, corpus.npm]] as const) {
  for (const entry of entries) {
    entry.versions.forEach(({ version, integrity }, index) => {
      const folder = unpackNpm(entry.name, version, integrity);
      const isLatest = index === entry.versions.length - 1;
      for (const path of codeFiles(folder, /\.(ts|tsx|mts|js|mjs|cjs|jsx)$/)) {
        if (!isWanted(path, entry.sources)) continue;
        emit({ package: entry.name, version, isLatest, heldOut, path, text: '' }, join(folder, path));
      }
    });
  }
}
for (const { name, version } of corpus.debian) {
  const folder = unpackDebian(name, version);
  for (const path of codeFiles(folder, /\.py$/)) {
    if (/(^|\/)(tests?|locale|migrations|contrib\/gis)\//.test(path)) continue;
    const shortPath = path.replace(/^usr\/lib\/python3\/dist-packages\//, '');
    emit({ package: name.replace('python3-', ''), version, isLatest: true, heldOut: false, path: shortPath, text: '' }, join(folder, path));
  }
}
const library = corpus.pythonLibrary;
for (const path of codeFiles(library.folder, /\.py$/)) {
  if (/(^|\/)(test|tests|idlelib|lib2to3|encodings|dist-packages|site-packages|pydoc_data|turtledemo)\//.test(path)) continue;
  emit({ package: 'python', version: library.version, isLatest: true, heldOut: false, path, text: '' }, join(library.folder, path));
}
out.end(() => {
  const total = [...counts.values()].reduce((a, b) => a + b, 0);
  for (const [name, bytes] of counts) console.log(`${(bytes / 1e6).toFixed(2).padStart(7)} MB  ${name}`);
  console.log(`${(total / 1e6).toFixed(2)} MB of the newest versions, held-out packages included`);
});

function unpackNpm(name: string, version: string, integrity: string): string {
  const folder = join(trees, `${name.replace('/', '+')}@${version}`);
  if (existsSync(folder)) return folder;
  const file = join(archives, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  if (!existsSync(file)) execFileSync('npm', ['pack', `${name}@${version}`, '--ignore-scripts', '--pack-destination', archives], { stdio: 'ignore' });
  const found = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
  if (found !== integrity) throw new Error(`${file}: integrity is ${found}, corpus.json says ${integrity}`);
  const beside = `${folder}.partial`;
  mkdirSync(beside, { recursive: true });
  execFileSync('tar', ['xzf', file, '-C', beside, '--strip-components=1', '--no-same-permissions']);
  execFileSync('chmod', ['-R', 'u+rwX', beside]);
  renameSync(beside, folder);
  return folder;
}

function unpackDebian(name: string, version: string): string {
  const folder = join(trees, `${name}_${version}`);
  if (existsSync(folder)) return folder;
  execFileSync('apt-get', ['download', `${name}=${version}`], { cwd: archives, stdio: 'ignore' });
  const file = readdirSync(archives).find((f) => f.startsWith(`${name}_`) && f.endsWith('.deb'));
  if (file === undefined) throw new Error(`apt-get download ${name} left no archive`);
  execFileSync('dpkg-deb', ['-x', join(archives, file), folder]);
  return folder;
}

function codeFiles(root: string, pattern: RegExp): string[] {
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const item of readdirSync(folder, { withFileTypes: true })) {
      const full = join(folder, item.name);
      if (item.isDirectory() && item.name !== 'node_modules') visit(full);
      else if (item.isFile() && pattern.test(item.name)) found.push(relative(root, full));
    }
  };
  visit(root);
  return found.sort();
}

// "dir/" is a prefix, "*.ext" and "dir/*.ext" an ending (below a prefix), "!…" an exclusion.
function isWanted(path: string, sources: string[]): boolean {
  if (/\.d\.[mc]?ts$|\.min\.|(^|\/)(vendor|_vendor|wordlists|fixtures?|locales?|i18n|libs)\//.test(path)) return false;
  const matches = (rule: string): boolean => {
    const star = rule.indexOf('*');
    return star < 0 ? path.startsWith(rule) : path.startsWith(rule.slice(0, star)) && path.endsWith(rule.slice(star + 1));
  };
  return sources.some((rule) => !rule.startsWith('!') && matches(rule)) && !sources.some((rule) => rule.startsWith('!') && matches(rule.slice(1)));
}

function emit(file: SourceFile, absolutePath: string): void {
  const bytes = statSync(absolutePath).size;
  if (bytes < 200 || bytes > 60_000) return;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(absolutePath));
  } catch {
    return;
  }
  text = text.replace(/\r\n?/g, '\n');
  const lines = text.split('\n');
  if (text.length / lines.length > 90 || lines.some((line) => line.length > 600)) return;
  if (/@generated|auto-?generated|do not edit/i.test(text.slice(0, 1500))) return;
  // Near-duplicates: the same text but for white space, comments at the top and string quotes.
  const key = `${file.isLatest}${createHash('sha1').update(text.replace(/^\s*\/\*[\s\S]*?\*\//, '').replace(/[\s'"`;,]+/g, '')).digest('hex')}`;
  if (seen.has(key)) return;
  seen.add(key);
  if (file.isLatest) counts.set(file.package, (counts.get(file.package) ?? 0) + bytes);
  out.write(`${JSON.stringify({ ...file, text })}\n`);
}
