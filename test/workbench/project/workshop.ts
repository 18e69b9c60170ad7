// The repository that the workbench is shown: a harbour office of forty small files of one convention, which a model as small as the bundled one
// learns from a single commit; it has no tests, so that a cycle takes seconds. `turnTide.ts` is unfinished: there the completions are asked for.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly typed: string;
}

export const place: Place = { file: 'src/turnTide.ts', line: 2, typed: '  ' };
export const subjects = { first: 'A harbour office' };

/** Thing, then its moves: verb, field, value. */
const moves: Readonly<Record<string, readonly string[]>> = {
  berth: ['reserve reserved true', 'release reserved false', 'close open false', 'reopen open true', 'clean dirty false'],
  crane: ['raise up true', 'lower up false', 'park parked true', 'unpark parked false', 'load loaded true'],
  ferry: ['board boarding true', 'depart atSea true', 'land atSea false', 'refuel fuelled true', 'inspect safe true'],
  pilot: ['assign busy true', 'dismiss busy false', 'certify certified true', 'rest rested true', 'train trained true'],
  tug: ['tow towing true', 'free towing false', 'start running true', 'stop running false', 'repair broken false'],
  crate: ['open closed false', 'seal closed true', 'weigh weighed true', 'stack stacked true', 'label labelled true'],
  light: ['kindle lit true', 'dim lit false', 'paint painted true', 'staff staffed true', 'leave staffed false'],
  buoy: ['anchor anchored true', 'loose anchored false', 'sink afloat false', 'salvage afloat true', 'mark marked true'],
};

export function writeWorkshop(folder: string): void {
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'config', 'user.name', 'Mira Lindqvist');
  git(folder, 'config', 'user.email', 'mira@example.org');
  write(folder, place.file, 'export function turnTide(tide: Tide): void {\n\n}\n');
  writeMoves(folder);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', subjects.first);
}

function writeMoves(folder: string): void {
  for (const [thing, list] of Object.entries(moves)) {
    const type = thing.slice(0, 1).toUpperCase() + thing.slice(1);
    for (const move of list) {
      const [verb = '', field = '', value = ''] = move.split(' ');
      write(folder, `src/${verb}${type}.ts`, `export function ${verb}${type}(${thing}: ${type}): void {\n  ${thing}.${field} = ${value};\n}\n`);
    }
  }
}

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-c', 'core.hooksPath=/dev/null', '-c', 'commit.gpgSign=false', '-C', folder, ...args], { encoding: 'utf8' });
}
