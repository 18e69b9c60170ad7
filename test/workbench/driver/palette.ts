// The palette's whole list for what is typed: it draws only what is on the screen, so it is walked to its end.
import type { Workbench } from './workbench.ts';

export async function paletteTitles({ page }: Workbench, typed: string): Promise<string[]> {
  const input = page.locator('.quick-input-widget input').first();
  const rows = page.locator('.quick-input-list .monaco-list-row');
  await page.keyboard.press('F1');
  await input.fill(`>${typed}`);
  await rows.filter({ hasText: typed }).first().waitFor();
  const found = new Set<string>();
  for (let quiet = 0; quiet < 3; ) {
    const before = found.size;
    for (const label of await page.locator('.quick-input-list .monaco-list-row .quick-input-list-label .label-name').allInnerTexts()) found.add(label.replaceAll('\u00a0', ' ').trim());
    quiet = found.size === before ? quiet + 1 : 0;
    await page.keyboard.press('PageDown');
    await page.waitForTimeout(150);
  }
  await page.keyboard.press('Escape');
  return [...found];
}
