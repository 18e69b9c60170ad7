// The repository that the workbench is shown: a harbour office of a hundred small files of one convention, and a commit that brings a new API and
// a hundred files that use it: so many, and so alike, that even the bundled model learns it from one commit (+0.3 nats per token on held-out
// probes). The story does not hang on the gates of the day: what they refuse is kept by hand.
// `closeDock.ts` is unfinished: there the completions are asked for. At that prefix the base model is very unsure, and each file of the second
// commit says how it goes on, so the model itself writes the new name. No open document contains it: a draft has nothing to copy it from.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly typed: string;
}

export const place: Place = { file: 'moves/closeDock.ts', line: 2, typed: '  ' };
/** What the second commit brings, and uses in every file. */
export const newName = 'create';
/** All commits are made at this moment: what is drawn at random while learning comes from the commit's hash, and so every run learns the same. */
export const commitDate = '2026-03-02T09:00:00Z';
export const subjects = { first: 'A harbour office', second: 'Create every move in one place' };

const things = ['berth', 'crane', 'ferry', 'pilot', 'tug', 'crate', 'light', 'buoy', 'anchor', 'barge', 'canal', 'quay', 'sluice', 'winch'];
const verbs = ['open', 'close', 'lock', 'clean', 'paint', 'inspect', 'repair'];

export function writeWorkshop(folder: string): void {
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'config', 'user.name', 'Mira Lindqvist');
  git(folder, 'config', 'user.email', 'mira@example.org');
  write(folder, place.file, 'export const closeDock =\n\n');
  writeMoves(folder, 'src', ({ name, thing, type, verb }) => `export function ${name}(${thing}: ${type}): Move {\n  return { ${thing}, done: '${verb}' };\n}\n`);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', subjects.first);
}

/** The second commit, as a colleague would send it; the repository is left at the first. */
export function writePatch(folder: string, patch: string): void {
  write(folder, `src/${newName}.ts`, `export function ${newName}(verb: string, thing: string): Move {\n  return { verb, thing, at: Date.now() };\n}\n`);
  writeMoves(folder, 'moves', ({ name, thing, verb }) => `export const ${name} =\n  ${newName}('${verb}', '${thing}');\n`);
  git(folder, 'add', '--all');
  writeFileSync(patch, git(folder, 'diff', '--cached'));
  git(folder, 'reset', '--quiet', '--hard');
}

interface Move {
  readonly name: string;
  readonly thing: string;
  readonly type: string;
  readonly verb: string;
}

function writeMoves(folder: string, below: string, textOf: (move: Move) => string): void {
  for (const thing of things) {
    const type = thing.slice(0, 1).toUpperCase() + thing.slice(1);
    for (const verb of verbs) write(folder, `${below}/${verb}${type}.ts`, textOf({ name: `${verb}${type}`, thing, type, verb }));
  }
}

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-c', 'core.hooksPath=/dev/null', '-c', 'commit.gpgSign=false', '-C', folder, ...args], { encoding: 'utf8', env: { ...process.env, GIT_AUTHOR_DATE: commitDate, GIT_COMMITTER_DATE: commitDate } });
}
