// A commit made in the terminal becomes a version, and the version changes what is completed.
import { newName, subjects } from '../project/workshop.ts';
import { claim, completionAt, served, until, type Stage, type Step } from '../stage.ts';
import { versionOf } from './restricted.ts';

export const learningSteps: readonly Step[] = [
  {
    title: 'after a git commit in the terminal, learning shows progress and a new version appears in the tree',
    run: async (stage) => {
      const { workbench, patch, seen } = stage;
      await until('the first commit is dealt with', async () => !/learning/.test(await workbench.statusText()));
      seen.first = await served(stage);
      await workbench.runInTerminal(`git apply --index ${patch} && git commit --quiet --message '${subjects.second}' && git log --oneline`);
      await until('the terminal shows the commit', async () => new RegExp(`[0-9a-f]{7}.* ${subjects.second}`).test(await workbench.terminalText()));
      await workbench.screenshot('06-commit-in-terminal');
      const shares = new Set<string>();
      await until('learning moves on', async () => {
        const share = /learning (\d+) %/.exec(await workbench.statusText())?.[1];
        if (share !== undefined) shares.add(share);
        return shares.size >= 2;
      });
      await workbench.screenshot('07-learning');
      seen.second = await versionOf(workbench, 'second commit', new RegExp(subjects.second));
      claim(seen.second !== seen.first, 'the second commit shows the first version');
      await keepIfRefused(stage);
      await until('the new version serves', async () => (await served(stage)) === seen.second);
      await workbench.screenshot('08-new-version');
    },
  },
  {
    title: "the same prefix then completes with the new API's name, written by the model of the new version",
    run: async (stage) => {
      const { workbench, seen } = stage;
      const text = await completionAt(stage, '09-learnt-completion');
      console.log(`    ${JSON.stringify(seen.completion)} became ${JSON.stringify(text)}`);
      claim(new RegExp(`\\b${newName}\\b`).test(text) && !(seen.completion ?? '').includes(newName), `completed ${JSON.stringify(text)}, before ${JSON.stringify(seen.completion)}`);
      seen.learntCompletion = text;
      await workbench.command('Graft: Explain the Last Suggestion');
      await until('the explanation names the version', async () => (await workbench.editorText()).includes(`Written by version ${seen.second ?? '?'}`));
      await workbench.screenshot('10-explained');
      claim(!(await workbench.editorText()).includes('Copied from open code'), 'the suggestion was a copy of open code');
      await workbench.command('View: Close Editor');
    },
  },
];

/** The story goes on with this version whatever the gates of the day say of it: what they refused, the user may keep. */
async function keepIfRefused({ workbench, seen }: Stage): Promise<void> {
  const row = (await workbench.rows()).find((text) => text.includes(seen.second ?? '?') && text.includes(subjects.second)) ?? '';
  if (!/rejected|inconclusive/.test(row)) return;
  console.log(`    refused by a gate, and kept by hand: ${row}`);
  await workbench.command('Graft: Keep a Rejected Version');
  const choice = workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: seen.second ?? '?' });
  await choice.first().waitFor();
  await choice.first().click();
}
