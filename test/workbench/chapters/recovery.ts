// Processes that die come back and say so; off leaves none.
import { claim, completionAt, processesOf, until, type Stage, type Step } from '../stage.ts';

export const recoverySteps: readonly Step[] = [
  {
    title: 'a killed engine is started again, which is said, and completions go on',
    run: async (stage) => {
      const engines = processesOf(stage.host, 'engineMain.cjs');
      claim(engines.length > 0, 'no engine runs');
      for (const pid of engines) process.kill(pid, 'SIGKILL');
      await until('a notification speaks of the engine', async () => (await stage.workbench.notifications()).some((text) => /engine process of completions ended/i.test(text)));
      await stage.workbench.screenshot('21-engine-killed');
      await until('another engine runs', async () => processesOf(stage.host, 'engineMain.cjs').some((pid) => !engines.includes(pid)));
      await until('the status bar shows the model again', async () => {
        const text = await stage.workbench.statusText();
        // Not even for a while: completions go on.
        claim(!/failed/i.test(text), `the status bar says "${text}"`);
        return !/loading/i.test(text);
      });
      await expectCompletion(stage, '22-engine-recovered');
      // The engine that learns was killed too, while nothing was being learnt: that is no failure of learning.
      const said = [...(await stage.workbench.notifications()), await stage.workbench.statusText()].filter((text) => /learning (has )?failed|learning in .* failed/i.test(text));
      claim(said.length === 0, `it is said that learning failed: ${said.join(' / ')}`);
    },
  },
  {
    title: 'a killed language server is started again, and completions go on',
    run: async (stage) => {
      const [server] = processesOf(stage.host, 'serverMain.cjs');
      claim(server !== undefined, 'no language server runs');
      process.kill(server, 'SIGKILL');
      await until('another language server runs', async () => processesOf(stage.host, 'serverMain.cjs').some((pid) => pid !== server));
      await until('the status bar shows the version again', async () => (await stage.workbench.statusText()).includes(stage.seen.second ?? '?'));
      await expectCompletion(stage, '23-server-restarted');
    },
  },
  {
    title: 'turned off, no process is left; turned on, it serves again',
    run: async (stage) => {
      const { workbench, host } = stage;
      const ours = (): number[] => ['serverMain.cjs', 'engineMain.cjs', 'learnerMain.cjs'].flatMap((file) => processesOf(host, file));
      await workbench.command('Graft: Turn Off');
      await until('the status bar says off', async () => /off/.test(await workbench.statusText()));
      await until('every process has ended', async () => ours().length === 0);
      await workbench.openGraftView();
      await workbench.page.locator('.part.sidebar', { hasText: 'Graft is off' }).waitFor();
      await workbench.screenshot('24-off');
      await workbench.command('Graft: Turn On');
      await until('the status bar shows the version again', async () => (await workbench.statusText()).includes(stage.seen.second ?? '?'));
    },
  },
];

async function expectCompletion(stage: Stage, screenshot: string): Promise<void> {
  const text = await completionAt(stage, screenshot);
  claim(text === stage.seen.learntCompletion, `completed ${JSON.stringify(text)} after the recovery`);
}
