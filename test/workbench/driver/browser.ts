// Debian's Chromium, headless, driven by playwright-core. Without these flags it looks for updates and synchronises at every start.
import { chromium, type Browser } from 'playwright-core';
import { existsSync } from 'node:fs';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function startBrowser(): Promise<Browser> {
  const executablePath = process.env['GRAFT_CHROMIUM'] ?? places.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error('No Chromium: install the package chromium, or name one in GRAFT_CHROMIUM.');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}
