// Everything by keyboard: each command from the palette, the tree, the order of the review's page, the settings, and the Ask command.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paletteTitles } from '../driver/palette.ts';
import { askPage, pressThrough } from '../driver/askPage.ts';
import { claim, until, type Step } from '../stage.ts';

interface Command {
  readonly command: string;
  readonly title: string;
}

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as {
  contributes: { commands: Command[]; configuration: { properties: Record<string, object> } | { properties: Record<string, object> }[] };
};
/** Of a repository that serves, learns nothing now and is not paused. */
const notNow = ['graft.cancel', 'graft.resume', 'graft.turnOn'];

export const reachSteps: readonly Step[] = [
  {
    title: 'the palette has every command that makes sense now, and no other',
    run: async ({ workbench }) => {
      // What is there to do depends on it: the palette lists what can be done when it opens.
      await until('a version serves and nothing is being learnt', async () => /· (base|[0-9a-f]{7})(?!.*learning \d)/.test(await workbench.statusText()));
      const expected = manifest.contributes.commands.filter(({ command }) => !notNow.includes(command)).map(({ title }) => `Graft: ${title}`);
      const listed = await paletteTitles(workbench, 'Graft');
      const missing = expected.filter((title) => !listed.includes(title));
      const tooMany = manifest.contributes.commands.filter(({ command, title }) => notNow.includes(command) && listed.includes(`Graft: ${title}`));
      claim(missing.length === 0 && tooMany.length === 0, `not in the palette: ${missing.join(', ')}; there without sense: ${tooMany.map(({ title }) => title).join(', ')}`);
    },
  },
  {
    title: 'the tree is walked by arrows, Enter opens the review, and the menu of a row holds its actions',
    run: async ({ workbench }) => {
      const { page } = workbench;
      await workbench.command('View: Close All Editors');
      await workbench.openGraftView();
      await until('the tree is there', async () => (await workbench.rows()).length > 1);
      // A tree that is still empty takes no focus.
      await workbench.command('Graft: Show Versions');
      const focused = page.locator('.part.sidebar .monaco-list-row.focused');
      await page.locator('.part.sidebar .tree-explorer-viewlet-tree-view .monaco-list:focus').waitFor();
      // The palette gives the focus back, then the command moves it: a menu that opens in between is closed by that.
      await page.waitForTimeout(1500);
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowDown');
      await until('a version has the focus', async () => /\b[0-9a-f]{7}\b/.test(await focused.first().innerText()));
      const menu = page.locator('.context-view .monaco-menu');
      await page.keyboard.press('Shift+F10');
      await menu.waitFor();
      const actions = (await menu.allInnerTexts()).flatMap((text) => text.split('\n').map((line) => line.trim()));
      await workbench.screenshot('30-row-menu');
      for (const wanted of ['Review What a Commit Taught', 'Compare Two Versions', 'Retrain a Version Without Struck Pairs', 'Export a Version…']) claim(actions.includes(wanted), `the menu has ${actions.join(', ')} and not ${wanted}`);
      await page.keyboard.press('Escape');
      await menu.waitFor({ state: 'detached' });
      await page.keyboard.press('Enter');
      await (await workbench.reviewFrame()).locator('h1').waitFor();
    },
  },
  {
    title: 'Tab goes through the review in the order of the page, and Space strikes a pair',
    run: async ({ workbench }) => {
      const { page } = workbench;
      const frame = await workbench.reviewFrame();
      await frame.locator('.pairs .pair').first().waitFor();
      const stops = await askPage(frame, 'focusStops');
      claim(stops.length > 5, `the page has ${stops.length} places for the focus`);
      const visited = await pressThrough(page, frame, Math.min(stops.length, 30));
      claim(visited.join('\n') === stops.slice(0, visited.length).join('\n'), `the focus goes\n${visited.join('\n')}\ninstead of\n${stops.slice(0, visited.length).join('\n')}`);
      await frame.locator('.pairs .pair vscode-checkbox').first().focus();
      await page.keyboard.press('Space');
      await frame.locator('.pairs .pair.struck').first().waitFor();
      await workbench.screenshot('31-review-by-keyboard');
      await page.keyboard.press('Space');
      await frame.locator('.pairs .pair.struck').first().waitFor({ state: 'detached' });
      await workbench.command('View: Close All Editors');
    },
  },
  {
    title: 'the settings page finds every setting',
    run: async ({ workbench }) => {
      const { page } = workbench;
      const sections = [manifest.contributes.configuration].flat();
      const count = sections.reduce((sum, { properties }) => sum + Object.keys(properties).length, 0);
      await workbench.command('Graft: Open Settings');
      await page.locator('.settings-editor').waitFor();
      await until(`the settings editor counts ${count} settings`, async () => new RegExp(`\\b${count} Settings`).test(await page.locator('.settings-editor').innerText()));
      await workbench.screenshot('32-settings');
      // Lists of text and numbers are edited in place; what is not is edited in a file, which is no page.
      claim((await page.locator('.settings-editor').getByText('Edit in settings.json').count()) === 0, 'some setting can be edited in settings.json alone');
      await workbench.command('View: Close All Editors');
    },
  },
  {
    title: 'a question is asked and answered without the mouse, and the answer names who gave it',
    run: async ({ workbench }) => {
      const { page } = workbench;
      await workbench.command('Graft: Ask About This Codebase');
      await page.locator('.quick-input-widget', { hasText: 'answers from what it learnt' }).waitFor();
      await page.keyboard.type('What does create return?');
      await workbench.screenshot('33-question');
      await page.keyboard.press('Enter');
      await until('the answer is there', async () => /# What does create return\?[^]*Answered by (version|the base model)/.test(await workbench.editorText()));
      await workbench.screenshot('34-answer');
      await workbench.command('View: Close All Editors');
    },
  },
];
