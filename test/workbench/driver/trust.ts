// Granting trust as a user does: a folder first opens in restricted mode, and the editor's own page on trust has the button.
import type { Workbench } from './workbench.ts';

export async function restricted({ page }: Workbench): Promise<void> {
  await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor({ timeout: 120_000 });
}

export async function grantTrust({ page }: Workbench): Promise<void> {
  await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).click();
  const button = page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ });
  await button.waitFor();
  await button.click();
  await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor({ state: 'detached' });
  // The page on trust lies over everything else, and only what has the focus hears Escape.
  await page.locator('.workspace-trust-editor').getByText('You trust this folder').click();
  await page.keyboard.press('Escape');
  await page.locator('.workspace-trust-editor').waitFor({ state: 'detached' });
}
