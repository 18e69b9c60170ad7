// What the steps of the suite share: the workbench, the repository that it shows, and what earlier steps saw.
import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Place } from './project/workshop.ts';
import type { CodeServer } from './driver/codeServer.ts';
import type { Workbench } from './driver/workbench.ts';

export interface Stage {
  readonly workbench: Workbench;
  readonly host: CodeServer;
  readonly folder: string;
  readonly place: Place;
  /** Hands the next commit to the user, as a patch beside the repository. */
  readonly patch: string;
  readonly seen: Seen;
}

/** Written by the step that saw it, read by later ones. */
export interface Seen {
  /** Of the base model, at the place. */
  completion?: string;
  /** Of the second commit's version, at the same place. */
  learntCompletion?: string;
  /** What serves after the first commit: its version, or 'base' where a gate refused it. */
  first?: string;
  /** Short names of the versions of the second commit. */
  second?: string;
  retrained?: string;
}

export interface Step {
  readonly title: string;
  run(stage: Stage): Promise<void>;
}

/** Minutes, not seconds: a slow machine is not a failure. What never comes is. */
const limitMs = Number(process.env['GRAFT_WORKBENCH_LIMIT_S'] ?? 600) * 1000;

/** Resolves with the first answer that is not null, undefined, false or ''. */
export async function until<T>(what: string, look: () => Promise<T | null | undefined | false | ''>): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await pause(200);
  }
}

export function claim(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(message);
}

/** The version in the status bar: its short name, or 'base'. */
export async function served({ workbench }: Pick<Stage, 'workbench'>): Promise<string> {
  return / · (base|[0-9a-f]{7})\b/.exec(await workbench.statusText())?.[1] ?? '';
}

/** The processes below the workbench whose command line names this file of the extension. */
export function processesOf(host: CodeServer, file: string): number[] {
  const rows = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n').flatMap((row) => {
    const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row) ?? [];
    return pid === undefined || args === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
  const below = new Set([host.pid]);
  for (let size = 0; size !== below.size; ) {
    size = below.size;
    for (const { pid, parent } of rows) if (below.has(parent)) below.add(pid);
  }
  return rows.filter(({ pid, args }) => below.has(pid) && args.includes(`/dist/${file}`)).map(({ pid }) => pid);
}

/** Milliseconds between keys: each key's request is answered before the next, so that what is shown does not hang on how quick the machine is. */
export const slowly = { delay: 2000 };

/** What is completed at the place, as ghost text on the screen. The file is left as it was. */
export async function completionAt({ workbench, place }: Stage, screenshot?: string): Promise<string> {
  const { page } = workbench;
  await workbench.openFile(place.file);
  await workbench.goTo(place.line, 1);
  await page.keyboard.type(place.typed, slowly);
  const text = await until(`ghost text follows ${JSON.stringify(place.typed)}`, () => workbench.ghostText());
  if (screenshot !== undefined) await workbench.screenshot(screenshot);
  await page.keyboard.press('Escape');
  await workbench.command('File: Revert File');
  await page.locator('.editor-group-container.active .tab.active.dirty').waitFor({ state: 'detached' });
  return text;
}
