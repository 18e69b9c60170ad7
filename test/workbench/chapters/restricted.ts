// A folder whose authors are not trusted, which is how every folder first opens: completions from the base model, nothing else.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { grantTrust, restricted } from '../driver/trust.ts';
import { subjects } from '../project/workshop.ts';
import { claim, completionAt, processesOf, slowly, until, type Step } from '../stage.ts';

export const restrictedSteps: readonly Step[] = [
  {
    title: 'an untrusted workspace: the status bar and the view say that it gets completions only',
    run: async (stage) => {
      const { workbench, folder } = stage;
      await restricted(workbench);
      await until('the status bar says completions only', async () => /completions only/.test(await workbench.statusText()));
      await workbench.openGraftView();
      await workbench.page.locator('.part.sidebar', { hasText: 'This workspace is not trusted' }).waitFor();
      await workbench.screenshot('01-untrusted');
      claim(!existsSync(join(folder, '.git', 'graft')), 'an untrusted repository got a store');
    },
  },
  {
    title: 'ghost text appears, and Tab accepts it',
    run: async (stage) => {
      const { workbench, place, seen } = stage;
      seen.completion = await completionAt(stage, '02-ghost-text');
      await workbench.goTo(place.line, 1);
      await workbench.page.keyboard.type(place.typed, slowly);
      const shown = await until('ghost text is there again', () => workbench.ghostText());
      await workbench.page.keyboard.press('Tab');
      const whole = `${place.typed}${shown}`;
      await until(`the editor holds ${JSON.stringify(whole)}`, async () => (await workbench.editorText()).includes(whole.split('\n')[0] ?? whole) && (await workbench.ghostText()) !== shown);
      await workbench.screenshot('03-accepted');
      await workbench.command('File: Revert File');
      // The learner has an engine of its own.
      claim(processesOf(stage.host, 'engineMain.cjs').length === 1, 'more than the engine of completions runs in an untrusted workspace');
    },
  },
  {
    title: 'once trusted, the first commits are learnt and a version appears in the tree',
    run: async ({ workbench }) => {
      await grantTrust(workbench);
      await workbench.openGraftView();
      await until('the status bar shows learning with its share', async () => /learning \d+ %/.test(await workbench.statusText()));
      await workbench.screenshot('04-first-learning');
      await versionOf(workbench, 'first commit', new RegExp(subjects.first));
      await workbench.screenshot('05-first-version');
    },
  },
];

/** The short name of the version in the row that shows this commit. */
export async function versionOf({ rows }: { rows(): Promise<string[]> }, what: string, subject: RegExp): Promise<string> {
  return until(`the tree shows a version of the ${what}`, async () => {
    const row = (await rows()).find((text) => subject.test(text) && /\b[0-9a-f]{7}\b/.test(text) && !/^\S+ [0-9a-f]{7}$/.test(text));
    return row === undefined ? null : /\b[0-9a-f]{7}\b/.exec(row)?.[0];
  });
}
