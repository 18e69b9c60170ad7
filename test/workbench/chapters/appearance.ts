// What is on the screen at 200 % zoom and in high contrast. In a browser, zoom halves the page's width and height in its own pixels, so a window of
// half the size is laid out the same.
import { askPage } from '../driver/askPage.ts';
import { claim, until, type Stage, type Step } from '../stage.ts';

const whole = { width: 1400, height: 900 };
const zoomed = { width: 700, height: 450 };

export const appearanceSteps: readonly Step[] = [
  {
    title: 'at 200 % zoom nothing of the review and the walkthrough is cut, and the tree shows its versions',
    run: async (stage) => {
      const { workbench } = stage;
      const { page } = workbench;
      await workbench.command('View: Close All Editors');
      // The terminal of the chapter before would take the page's place.
      const panel = page.locator('.part.panel');
      if (await panel.isVisible()) await page.keyboard.press('Control+J');
      await panel.waitFor({ state: 'hidden' });
      await page.setViewportSize(zoomed);
      try {
        await workbench.command('Graft: Show Versions');
        await workbench.screenshot('40-zoom-tree');
        await openReview(stage);
        await workbench.command('View: Toggle Primary Side Bar Visibility');
        const frame = await workbench.reviewFrame();
        await workbench.screenshot('41-zoom-review');
        const bar = await askPage(frame, 'heightShare', '.actions');
        claim(bar < 0.5, `the buttons take ${Math.round(100 * bar)} % of the page`);
        for (const part of ['#figures', '#completions', '#pairs']) {
          await frame.locator(part).scrollIntoViewIfNeeded();
          await workbench.screenshot(`42-zoom-review-${part.slice(1)}`);
        }
        const cut = await askPage(frame, 'cutTexts');
        claim(cut.length === 0, `cut: ${cut.join('; ')}`);
        await workbench.command('View: Close All Editors');
        await workbench.command('Graft: Open Walkthrough');
        await page.locator('.gettingStartedContainer', { hasText: 'Commit, and it learns' }).waitFor();
        await workbench.screenshot('43-zoom-walkthrough');
        await workbench.command('View: Close All Editors');
        await workbench.command('View: Toggle Primary Side Bar Visibility');
      } finally {
        await page.setViewportSize(whole);
      }
    },
  },
  ...[
    { theme: 'Dark High Contrast', body: 'hc-black', picture: 'dark' },
    { theme: 'Light High Contrast', body: 'hc-light', picture: 'light' },
  ].map(({ theme, body, picture }): Step => ({
    title: `${theme}: the review, the tree and the walkthrough can be read`,
    run: async (stage) => {
      const { workbench } = stage;
      const { page } = workbench;
      await chooseTheme(stage, theme);
      try {
        await page.locator(`.monaco-workbench.${body}`).waitFor();
        await workbench.openGraftView();
        await openReview(stage);
        const frame = await workbench.reviewFrame();
        await until('the page has the theme', () => frame.locator('body.vscode-high-contrast').isVisible());
        await workbench.screenshot(`44-contrast-${picture}-review`);
        await frame.locator('#pairs').scrollIntoViewIfNeeded();
        await workbench.screenshot(`45-contrast-${picture}-pairs`);
        const faint = await askPage(frame, 'faintTexts', 4.5);
        claim(faint.length === 0, `too faint: ${faint.join('; ')}`);
        await workbench.command('View: Close All Editors');
        await workbench.command('Graft: Open Walkthrough');
        await page.locator('.gettingStartedContainer', { hasText: 'Commit, and it learns' }).waitFor();
        await workbench.screenshot(`46-contrast-${picture}-walkthrough`);
        await workbench.command('View: Close All Editors');
      } finally {
        await chooseTheme(stage, 'Light Modern');
      }
    },
  })),
];

async function openReview({ workbench }: Stage): Promise<void> {
  const row = workbench.row(/\b[0-9a-f]{7}$/).filter({ hasNotText: /checked out|base/ });
  // Editors that are still closing may take the new page with them: then again.
  await until('the review is open', async () => {
    await row.first().click();
    return (await workbench.reviewFrame()).locator('#pairs .pair').first().waitFor({ timeout: 20_000 }).then(() => true, () => false);
  });
}

async function chooseTheme({ workbench }: Stage, theme: string): Promise<void> {
  const { page } = workbench;
  const timeout = 5000;
  // What still closes takes the focus from the picker, which closes it: then again.
  await until(`the theme ${theme} is chosen`, async () => {
    // By its keys: the palette's best match is the marketplace's themes.
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+T');
    try {
      await page.locator('.quick-input-widget input[placeholder*="Theme"]').fill(theme, { timeout });
      await page.locator('.quick-input-list .monaco-list-row', { hasText: theme }).first().waitFor({ timeout });
    } catch {
      await page.keyboard.press('Escape');
      return false;
    }
    await page.keyboard.press('Enter');
    return true;
  });
}
