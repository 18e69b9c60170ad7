// The workbench as a user has it: what is on the screen, and what keys and clicks do. Nothing here reads the extension's insides.
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Workbench {
  readonly page: Page;
  screenshot(name: string): Promise<void>;
  /** Runs a command by its title in the palette. */
  command(title: string): Promise<void>;
  openFile(path: string): Promise<void>;
  /** Puts the cursor there; both count from 1. */
  goTo(line: number, column: number): Promise<void>;
  /** What ghost text the active editor shows, its lines joined; '' when there is none. */
  ghostText(): Promise<string>;
  /** What the active editor shows, as far as it is on the screen. */
  editorText(): Promise<string>;
  runInTerminal(command: string): Promise<void>;
  terminalText(): Promise<string>;
  statusText(): Promise<string>;
  notifications(): Promise<string[]>;
  openGraftView(): Promise<void>;
  /** The rows of the view "Versions" as a screen reader hears them, and what they show. */
  rows(): Promise<string[]>;
  row(text: string | RegExp): Locator;
  /** The review's page, inside its two frames. */
  reviewFrame(): Promise<Frame>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly browser: Browser;
  readonly url: string;
  readonly folder: string;
  readonly screenshots: string;
  readonly viewport?: { width: number; height: number };
}

export async function openWorkbench({ browser, url, folder, screenshots, viewport = { width: 1400, height: 900 } }: OpenOptions): Promise<Workbench> {
  const context = await browser.newContext({ viewport, locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  mkdirSync(screenshots, { recursive: true });
  await page.goto(`${url}/?folder=${encodeURIComponent(folder)}`);
  await page.locator('.monaco-workbench .part.statusbar').waitFor();
  const editor = page.locator('.editor-group-container.active .monaco-editor').first();
  const input = page.locator('.quick-input-widget input').first();

  /** An editor or a dialog that opens or closes just then takes the focus from the palette: it is opened again. */
  const insist = async (attempt: (timeoutMs: number) => Promise<void>): Promise<void> => {
    for (let attempts = 1; ; attempts++) {
      const failed = await attempt(10_000).then(() => null, (error: unknown) => error);
      if (failed === null) return;
      if (attempts === 8) throw failed;
      await page.keyboard.press('Escape');
    }
  };
  const pick = (text: string): Promise<void> =>
    insist(async (timeout) => {
      await page.keyboard.press('F1');
      await input.fill(text, { timeout });
      await page.locator('.quick-input-list .monaco-list-row').first().waitFor({ timeout });
      await page.keyboard.press('Enter');
    });

  return {
    page,
    screenshot: async (name) => void (await page.screenshot({ path: join(screenshots, `${name}.png`) })),
    command: (title) => pick(`>${title}`),
    openFile: async (path) => {
      const name = path.split('/').at(-1) ?? path;
      await insist(async (timeout) => {
        // Not Ctrl+P: with a webview in front the file is never opened.
        await page.keyboard.press('F1');
        await input.fill(path, { timeout });
        await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().waitFor({ timeout });
        await page.keyboard.press('Enter');
        await page.locator('.editor-group-container.active .tab.active', { hasText: name }).waitFor({ timeout });
      });
      await editor.locator('.view-line').first().waitFor();
    },
    goTo: (line, column) => pick(`:${line}:${column}`),
    ghostText: () => textByPlace(page.locator(ghostParts)),
    editorText: () => textByPlace(editor.locator('.view-lines .view-line')),
    runInTerminal: async (command) => {
      const terminal = page.locator('.terminal-wrapper.active .xterm-rows');
      if (!(await terminal.isVisible())) {
        await page.keyboard.press('Control+`');
        await terminal.waitFor();
        await page.locator('.terminal-wrapper.active .xterm-rows', { hasText: '$' }).waitFor();
      }
      await page.locator('.terminal-wrapper.active textarea').focus();
      await page.keyboard.type(command);
      await page.keyboard.press('Enter');
    },
    terminalText: async () => (await page.locator('.terminal-wrapper.active .xterm-rows').innerText()).replaceAll('\u00a0', ' '),
    statusText: async () => {
      const items = await page.locator('.statusbar-item[id*="graft"]').allInnerTexts();
      return items.map((text) => text.trim()).filter((text) => text !== '').join(' | ');
    },
    notifications: async () => (await page.locator('.notification-list-item-message').allInnerTexts()).map((text) => text.trim()),
    openGraftView: async () => {
      if (await page.locator('.part.sidebar .composite.title', { hasText: 'Graft' }).isVisible()) return;
      await page.locator('.activitybar .action-item a[aria-label^="Graft"]').click();
      await page.locator('.part.sidebar .composite.title', { hasText: 'Graft' }).waitFor();
    },
    rows: async () => {
      const rows = page.locator('.composite.viewlet .monaco-list-row');
      return (await rows.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
    },
    row: (text) => page.locator('.composite.viewlet .monaco-list-row', { hasText: text }),
    reviewFrame: async () => {
      const outer = page.locator('iframe.webview.ready').last();
      await outer.waitFor();
      const inner = await (await outer.elementHandle())?.contentFrame();
      const frame = await (await inner?.waitForSelector('#active-frame'))?.contentFrame();
      if (frame === null || frame === undefined) throw new Error('the review has no page');
      return frame;
    },
    close: () => context.close(),
  };
}

const active = '.editor-group-container.active';
/** On the line of the cursor, inside the suggest widget's preview, and on the lines below. */
const ghostParts = ['.ghost-text-decoration', '.ghost-text-decoration-preview', '.suggest-preview-text .view-line', '.ghost-text .view-line'].map((part) => `${active} ${part}`).join(', ');

/** One element per token or line, in no order: they are read by where they stand. Spaces are U+00A0. */
async function textByPlace(parts: Locator): Promise<string> {
  const found = await parts.evaluateAll((elements) =>
    elements.map((element) => ({ text: element.textContent ?? '', top: element.getBoundingClientRect().top, left: element.getBoundingClientRect().left })),
  );
  return joinByPlace(found);
}

function joinByPlace(parts: readonly { text: string; top: number; left: number }[]): string {
  const byLine = new Map<number, { text: string; left: number }[]>();
  for (const { text, top, left } of parts) byLine.set(Math.round(top), [...(byLine.get(Math.round(top)) ?? []), { text, left }]);
  const lines = [...byLine].sort(([a], [b]) => a - b).map(([, line]) => line.sort((a, b) => a.left - b.left).map(({ text }) => text).join(''));
  return lines.join('\n').replaceAll('\u00a0', ' ');
}
