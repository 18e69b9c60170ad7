// `npx tsx test/workbench/activation.ts [--vsix FILE --starts N]`: what activation costs as the editor itself measures it, beside its own extensions
// and an empty one of the same start: what that costs, every extension pays. By the wall clock, so only a quiet machine tells what the code costs, which
// is why no test claims it; on a busy one the ratio to the empty extension says more.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildEmpty } from './driver/emptyExtension.ts';
import { startBrowser } from './driver/browser.ts';
import { startCodeServer } from './driver/codeServer.ts';
import { openWorkbench } from './driver/workbench.ts';
import { writeWorkshop } from './project/workshop.ts';
import { until } from './stage.ts';

const { values } = parseArgs({ options: { vsix: { type: 'string' }, starts: { type: 'string', default: '5' } } });
const scratch = mkdtempSync(join(tmpdir(), 'graft-activation-'));
const folder = join(scratch, 'workshop');
const vsix = resolve(values.vsix ?? join(scratch, 'graft.vsix'));
if (values.vsix === undefined) execFileSync(process.execPath, [...process.execArgv, join(dirname(dirname(import.meta.dirname)), 'scripts/package.ts'), '--out', vsix], { stdio: ['ignore', 'ignore', 'inherit'] });
writeWorkshop(folder);

// Without learning, which would take the machine from the next start.
const host = await startCodeServer({ scratch, vsix: [vsix, await buildEmpty(join(scratch, 'empty'))], trusted: true, settings: { 'graft.learning.schedule': 'manual' } });
const browser = await startBrowser();
try {
  const workbench = await openWorkbench({ browser, url: host.url, folder, screenshots: join(import.meta.dirname, 'screenshots') });
  // All rows of the list at once, which shows only those in view.
  await workbench.page.setViewportSize({ width: 1280, height: 2400 });
  const adds: number[] = [];
  for (let start = 1; start <= Number(values.starts); start++) {
    if (start > 1) await workbench.page.reload();
    await until('the extension runs', async () => (await workbench.statusText()) !== '');
    await workbench.command('Developer: Show Running Extensions');
    const rows = workbench.page.locator('.runtime-extensions-editor .monaco-list-row');
    const figures = await until('the running extensions show their times', async () => {
      const texts = await rows.allInnerTexts();
      const times = texts.map((text) => `${text.trim().split('\n')[0] ?? ''} ${/Activation: (\d+)ms/.exec(text)?.[1] ?? '?'} ms`);
      return times.some((text) => /^Graft \d/.test(text)) && times.some((text) => /^Empty \d/.test(text)) && times;
    });
    console.log(`start ${start}: ${figures.join(', ')}`);
    adds.push(millisecondsOf('Graft', figures) - millisecondsOf('Empty', figures));
    await workbench.page.keyboard.press('Escape');
  }
  console.log(`over an empty extension, median of ${adds.length} starts: ${adds.sort((a, b) => a - b)[Math.floor(adds.length / 2)]} ms (${adds.join(', ')})`);
} finally {
  await browser.close();
  await host.dispose();
  rmSync(scratch, { recursive: true, force: true });
}

function millisecondsOf(name: string, figures: readonly string[]): number {
  return Number(figures.find((figure) => figure.startsWith(`${name} `))?.split(' ')[1]);
}
