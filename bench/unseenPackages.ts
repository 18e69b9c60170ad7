// Two consecutive releases of packages that the starter model never read (starter/corpus.json, heldOut), as if each were a commit.
// Fetched with `npm pack` into the user's cache folder, checked against the recorded hashes; without a registry this fails and says so.
import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { FileVersions } from '../server/syntax/declaration.ts';

export interface UnseenPackage {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Changed sources, both sides. */
  readonly versions: readonly FileVersions[];
  /** All sources of the newer release. */
  readonly files: ReadonlyMap<string, string>;
}

const release = z.object({ version: z.string(), integrity: z.string() });
const corpus = z.object({ heldOut: z.array(z.object({ name: z.string(), sources: z.array(z.string()), versions: z.array(release).min(2) })) });

export async function unseenPackages(corpusFile: string): Promise<UnseenPackage[]> {
  const { heldOut } = corpus.parse(JSON.parse(await readFile(corpusFile, 'utf8')));
  const packages: UnseenPackage[] = [];
  for (const { name, sources, versions } of heldOut) {
    const [older, newer] = [versions.at(-2), versions.at(-1)];
    if (older === undefined || newer === undefined) continue;
    const before = await sourcesOf(name, older, sources);
    const files = await sourcesOf(name, newer, sources);
    const paths = [...new Set([...before.keys(), ...files.keys()])].sort();
    const changed = paths.map((path) => ({ path, oldPath: path, before: before.get(path) ?? null, after: files.get(path) ?? null })).filter((file) => file.before !== file.after);
    packages.push({ name, from: older.version, to: newer.version, versions: changed, files });
  }
  return packages;
}

const run = promisify(execFile);

async function sourcesOf(name: string, { version, integrity }: z.infer<typeof release>, rules: readonly string[]): Promise<Map<string, string>> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'graft', 'bench');
  const folder = join(cache, `${name.replaceAll('/', '+')}-${version}`);
  if ((await stat(folder).catch(() => null)) === null) await fetchInto(folder, cache, `${name}@${version}`, integrity);
  const files = new Map<string, string>();
  for (const entry of await readdir(join(folder, 'package'), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(join(folder, 'package').length + 1);
    if (entry.isFile() && /\.[cm]?[jt]sx?$/.test(path) && !path.endsWith('.d.ts') && isWanted(path, rules)) files.set(path, await readFile(join(folder, 'package', path), 'utf8'));
  }
  return files;
}

async function fetchInto(folder: string, cache: string, specifier: string, integrity: string): Promise<void> {
  const incoming = `${folder}.incoming`;
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true });
  const packed = await run('npm', ['pack', specifier, '--ignore-scripts', '--pack-destination', incoming, '--loglevel', 'error'], { cwd: cache }).catch((cause: unknown) => {
    throw new Error(`Could not fetch ${specifier}: this benchmark needs an npm registry. Check the connection and run it again.`, { cause });
  });
  const archive = join(incoming, packed.stdout.trim().split('\n').at(-1) ?? '');
  const [algorithm = 'sha512', expected] = integrity.split(/-(.*)/s);
  if (createHash(algorithm).update(await readFile(archive)).digest('base64') !== expected) throw new Error(`${specifier} is not the release that the corpus names: its hash differs.`);
  await run('tar', ['-xzf', archive, '-C', incoming, '--no-same-owner']);
  await rename(incoming, folder);
}

/** Rules as in corpus.json: a beginning of a path, with one `*` for anything between, and `!` to leave out. */
function isWanted(path: string, rules: readonly string[]): boolean {
  const matches = (rule: string): boolean => {
    const [start = '', end] = rule.split('*', 2);
    return path.startsWith(start) && (end === undefined || path.endsWith(end));
  };
  return rules.some((rule) => !rule.startsWith('!') && matches(rule)) && !rules.some((rule) => rule.startsWith('!') && matches(rule.slice(1)));
}
