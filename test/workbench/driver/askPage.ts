// Asks functions of `inPage` inside a frame. They are bundled first: what a test runner adds to functions does not exist in a page.
import { buildSync } from 'esbuild';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';

interface InPage {
  cutTexts(): string[];
  heightShare(selector: string): number;
  faintTexts(least: number): string[];
  focusStops(): string[];
  focusPage(): void;
  focusedName(): string;
}

let bundled: string | null = null;

export function askPage<N extends keyof InPage>(frame: Frame, name: N, ...parameters: Parameters<InPage[N]>): Promise<ReturnType<InPage[N]>> {
  bundled ??= bundle();
  return frame.evaluate(`(() => { ${bundled}; return inPage.${name}(...${JSON.stringify(parameters)}); })()`);
}

function bundle(): string {
  const contents = ['cutTexts', 'faintTexts', 'focusOrder'].map((file) => `export * from './${file}.ts';`).join('\n');
  const stdin = { contents, resolveDir: join(import.meta.dirname, '../inPage') };
  return buildSync({ stdin, bundle: true, write: false, format: 'iife', globalName: 'inPage', target: 'es2022' }).outputFiles[0]?.text ?? '';
}

/** Where Tab takes the focus from the page's beginning. */
export async function pressThrough(page: Page, frame: Frame, times: number): Promise<string[]> {
  await askPage(frame, 'focusPage');
  const visited: string[] = [];
  for (let press = 0; press < times; press++) {
    await page.keyboard.press('Tab');
    visited.push(await askPage(frame, 'focusedName'));
  }
  return visited;
}
