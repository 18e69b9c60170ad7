// `npx tsx test/workbench/open.ts [--vsix FILE] [--folder REPOSITORY] [--script FILE] [--untrusted]`: the workbench with the packaged extension on the demo's
// repository, for looking at: screenshots of the start, a file and the Graft view, or what `--script` (a module whose default export takes a
// Workbench) does. With --keep it stays open at the address that it prints, until Ctrl+C.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { materialise } from '../../demo/materialise.ts';
import { startBrowser } from './driver/browser.ts';
import { startCodeServer } from './driver/codeServer.ts';
import { openWorkbench, type Workbench } from './driver/workbench.ts';

const root = dirname(dirname(import.meta.dirname));
const { values } = parseArgs({ options: { vsix: { type: 'string' }, folder: { type: 'string' }, script: { type: 'string' }, keep: { type: 'boolean', default: false }, untrusted: { type: 'boolean', default: false } } });
const screenshots = join(import.meta.dirname, 'screenshots', 'open');
const scratch = mkdtempSync(join(tmpdir(), 'graft-open-'));
const vsix = resolve(values.vsix ?? join(scratch, 'graft.vsix'));
if (!existsSync(vsix)) execFileSync(process.execPath, [...process.execArgv, join(root, 'scripts/package.ts'), '--out', vsix], { stdio: ['ignore', 'ignore', 'inherit'] });
const folder = resolve(values.folder ?? join(scratch, 'tally'));
if (values.folder === undefined) materialise(folder, join(root, 'node_modules'));

const server = await startCodeServer({ scratch, vsix: [vsix], trusted: !values.untrusted });
console.log(`${server.url}/?folder=${folder}   (log: ${join(scratch, 'code-server.log')})`);
const browser = await startBrowser();
process.once('SIGTERM', () => void server.dispose().then(() => process.exit(1)));
let failed = true;
try {
  const workbench = await openWorkbench({ browser, url: server.url, folder, screenshots });
  const script = values.script === undefined ? lookAround : ((await import(pathToFileURL(resolve(values.script)).href)) as { default: typeof lookAround }).default;
  await script(workbench).catch(async (error: unknown) => {
    await workbench.screenshot('failed');
    throw error;
  });
  failed = false;
  if (values.keep) await new Promise((stop) => process.once('SIGINT', stop));
} finally {
  await browser.close();
  await server.dispose();
  if (!failed) rmSync(scratch, { recursive: true, force: true });
  console.log(`screenshots: ${screenshots}: ${readdirSync(screenshots).join(', ')}`);
}

async function lookAround(workbench: Workbench): Promise<void> {
  await workbench.page.locator('.statusbar-item[id*="graft"]').waitFor({ timeout: 120_000 });
  await workbench.screenshot('start');
  await workbench.openFile('src/book.ts');
  await workbench.page.waitForTimeout(3000);
  await workbench.screenshot('file');
  await workbench.openGraftView();
  await workbench.page.waitForTimeout(3000);
  await workbench.screenshot('view');
  console.log('status:', await workbench.statusText());
  console.log('rows:', await workbench.rows());
}
