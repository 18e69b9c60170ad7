// `npm run test:workbench [-- --vsix FILE --json FILE --learnt REPOSITORY --chapters NAMES]`: packages the extension, installs it into the real workbench with an empty
// profile, and proves by what is on the screen what a user does with it, from an untrusted folder to a killed server. A picture of every step
// is in test/workbench/screenshots. One run is one story: a step that fails ends it, and those after it count as not run. `--learnt` is for working on
// some chapters alone: a copy of a repository that has been learnt before, opened as trusted.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { appearanceSteps } from './chapters/appearance.ts';
import { branchSteps } from './chapters/branches.ts';
import { inHostStep } from './chapters/inHost.ts';
import { learningSteps } from './chapters/learning.ts';
import { reachSteps } from './chapters/reach.ts';
import { recoverySteps } from './chapters/recovery.ts';
import { restrictedSteps } from './chapters/restricted.ts';
import { reviewSteps } from './chapters/review.ts';
import { startBrowser } from './driver/browser.ts';
import { startCodeServer } from './driver/codeServer.ts';
import { openWorkbench } from './driver/workbench.ts';
import { buildInHost } from './inHost/buildInHost.ts';
import { commitDate, place, writePatch, writeWorkshop } from './project/workshop.ts';
import type { Stage } from './stage.ts';

const root = dirname(dirname(import.meta.dirname));
const screenshots = join(import.meta.dirname, 'screenshots');
const { values } = parseArgs({ options: { vsix: { type: 'string' }, json: { type: 'string' }, learnt: { type: 'string' }, chapters: { type: 'string' } } });

const scratch = mkdtempSync(join(tmpdir(), 'graft-workbench-'));
const folder = join(scratch, 'workshop');
const patch = join(scratch, 'next.patch');
const inHostResult = join(scratch, 'in-host.json');
const results: { title: string; status: 'passed' | 'failed' | 'skipped'; seconds: number }[] = [];

rmSync(screenshots, { recursive: true, force: true });
mkdirSync(screenshots, { recursive: true });
const vsix = resolve(values.vsix ?? join(scratch, 'graft.vsix'));
if (values.vsix === undefined) execFileSync(process.execPath, [...process.execArgv, join(root, 'scripts/package.ts'), '--out', vsix], { stdio: ['ignore', 'inherit', 'inherit'] });
const suite = await buildInHost(join(scratch, 'in-host'));
if (values.learnt !== undefined) cpSync(values.learnt, folder, { recursive: true });
else {
  writeWorkshop(folder);
  writePatch(folder, patch);
}

const host = await startCodeServer({
  scratch,
  vsix: [vsix, suite.vsix],
  trusted: values.learnt !== undefined,
  // The bundled model is seldom sure enough for the default threshold, and loses its way after a line; here each first line is looked at.
  settings: { 'graft.completion.minimumConfidence': 0, 'graft.completion.multiline': false, 'graft.learning.sleep': false, ...(values.learnt === undefined ? {} : { 'graft.learning.schedule': 'manual' }) },
  environment: { GRAFT_IN_HOST_RESULT: inHostResult, GIT_AUTHOR_DATE: commitDate, GIT_COMMITTER_DATE: commitDate },
});
const browser = await startBrowser();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void host.dispose().then(() => process.exit(1)));
try {
  const workbench = await openWorkbench({ browser, url: host.url, folder, screenshots });
  await play({ workbench, host, folder, place, patch, seen: {} });
} finally {
  await browser.close();
  await host.dispose();
}
const failed = results.some(({ status }) => status !== 'passed');
console.log(`workbench: ${['passed', 'failed', 'skipped'].map((kind) => `${results.filter(({ status }) => status === kind).length} ${kind}`).join(', ')}`);
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(results, null, 2));
if (failed) console.error(`What the editor wrote is in ${scratch}.`);
else rmSync(scratch, { recursive: true, force: true });
process.exit(failed ? 1 : 0);

async function play(stage: Stage): Promise<void> {
  const chapters = {
    restricted: [...restrictedSteps.slice(0, 1), inHostStep(inHostResult), ...restrictedSteps.slice(1)],
    learning: learningSteps,
    reach: reachSteps,
    appearance: appearanceSteps,
    review: reviewSteps,
    branches: branchSteps,
    recovery: recoverySteps,
  };
  // Zoom and themes change what the whole window looks like: `--chapters appearance`, on a repository that was learnt before.
  const onRequest = ['appearance'];
  const chosen = values.chapters?.split(',');
  let ended = false;
  for (const { title, run } of Object.entries(chapters).flatMap(([name, steps]) => ((chosen?.includes(name) ?? !onRequest.includes(name)) ? steps : []))) {
    if (ended) {
      results.push({ title, status: 'skipped', seconds: 0 });
      console.log(`  - ${title} (not run)`);
      continue;
    }
    const began = Date.now();
    const error = await run(stage).then(() => null, (reason: unknown) => reason);
    const seconds = (Date.now() - began) / 1000;
    results.push({ title, status: error === null ? 'passed' : 'failed', seconds });
    console.log(`  ${error === null ? '✓' : '✗'} ${title} (${seconds.toFixed(0)} s)`);
    if (error === null) continue;
    // Chapters on a learnt repository stand by themselves.
    ended = values.learnt === undefined;
    console.error(error);
    console.error(`status bar: ${await stage.workbench.statusText()}\nrows: ${(await stage.workbench.rows()).join(' / ')}\nnotifications: ${(await stage.workbench.notifications()).join(' / ')}`);
    await stage.workbench.screenshot(`failed-${results.length}`);
    for (let press = 0; press < 2; press++) await stage.workbench.page.keyboard.press('Escape');
  }
}
