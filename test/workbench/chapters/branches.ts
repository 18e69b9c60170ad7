// The version follows the branch; a branch is reset, and rolled back again.
import { claim, completionAt, served, until, type Step } from '../stage.ts';

export const branchSteps: readonly Step[] = [
  {
    title: 'checkout switches the version, and a new branch starts from its merge base',
    run: async (stage) => {
      const { workbench, seen } = stage;
      const before = await served(stage);
      await workbench.runInTerminal('git switch --quiet --create calm HEAD~1');
      await until("the branch serves its merge base's version", async () => (await served(stage)) === seen.first);
      claim(before !== seen.first, 'both branches serve the same');
      await until('the tree marks the branch', async () => (await workbench.rows()).some((row) => /^calm.*checked out/.test(row)));
      await workbench.screenshot('15-checkout');
      await workbench.runInTerminal('git switch --quiet main');
      await until('main serves its version again', async () => (await served(stage)) === before);
      await workbench.screenshot('16-checkout-back');
    },
  },
  {
    title: 'reset returns to the base model and the old completion, once confirmed',
    run: async (stage) => {
      const { workbench, seen } = stage;
      const { page } = workbench;
      await workbench.command('Graft: Reset Branch to the Base Model');
      const main = page.locator('.quick-input-list .monaco-list-row', { hasText: 'main' });
      await main.first().waitFor();
      await page.keyboard.press('Enter');
      const button = page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Reset to Base' });
      await button.waitFor();
      await workbench.screenshot('17-reset-confirmation');
      await button.click();
      await until('the base model serves', async () => (await served(stage)) === 'base');
      const text = await completionAt(stage, '18-reset');
      claim(text === seen.completion, `completed ${JSON.stringify(text)} instead of ${JSON.stringify(seen.completion)}`);
    },
  },
  {
    title: 'roll back returns to a version',
    run: async (stage) => {
      const { workbench, seen } = stage;
      const { page } = workbench;
      await workbench.command('Graft: Roll Back to a Version');
      const choice = page.locator('.quick-input-list .monaco-list-row', { hasText: seen.second ?? '?' });
      await choice.first().waitFor();
      await workbench.screenshot('19-roll-back');
      await choice.first().click();
      await until('the version serves', async () => (await served(stage)) === seen.second);
      const text = await completionAt(stage, '20-rolled-back');
      claim(text === seen.learntCompletion, `completed ${JSON.stringify(text)} after the roll back`);
    },
  },
];
