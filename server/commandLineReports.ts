// Reports of the command line for the language server, from a process of their own: what they load and compute would hold up keystrokes, and
// most sessions never ask for one.
import { join } from 'node:path';
import { OperatingError } from './base/operatingError.ts';
import { gpuEnvironment } from './gpuEnvironment.ts';
import { nodeFiles } from './host/nodeFiles.ts';
import { nodeProcesses } from './host/nodeProcesses.ts';
import type { Installation } from './installation.ts';
import type { Capabilities, ModelChoice } from './lsp/capabilities.ts';
import { findModel } from './models/findModel.ts';

export function commandLineReports(installation: Installation, cacheFolder: string): Capabilities['reports'] {
  const run = async (args: readonly string[], { model, device }: ModelChoice): Promise<string> => {
    const { outcome, status, stdout, stderr } = await nodeProcesses.run({
      command: process.execPath,
      args: [join(installation.root, 'dist', 'cli.cjs'), ...args, '--device', device, ...(model === '' ? [] : ['--model', model])],
      env: { ...inherited(), ...(device === 'cpu' ? {} : gpuEnvironment()), GRAFT_CACHE: cacheFolder },
      timeoutMs: 120_000,
      outputLimitBytes: 4 * 1024 * 1024,
    });
    const text = new TextDecoder().decode(stdout).trimEnd();
    // The doctor exits with 1 when something is wrong, and says what.
    if (outcome === 'exited' && (status === 0 || text !== '')) return text;
    const said = new TextDecoder().decode(stderr).trim().replace(/^graft: /, '');
    throw new OperatingError({ code: 'reportFailed', message: said === '' ? `The report could not be made (${outcome}). Try again.` : said });
  };
  return {
    log: (folder, choice) => run(['log', '--repo', folder], choice),
    compare: (folder, { a, b }) => run(['compare', a, b, '--repo', folder], { model: '', device: 'cpu' }),
    doctor: (folder, choice) => (folder === null ? doctorWithoutRepository(installation, { model: choice.model, cacheFolder }) : run(['doctor', '--repo', folder], choice)),
  };
}

/** In desktop editors this program is Electron, which is Node only when it is told so. */
function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'USERPROFILE', 'SystemRoot', 'ELECTRON_RUN_AS_NODE'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] ?? '']])));
}

/** No git, no tests: what an untrusted workspace may know. */
async function doctorWithoutRepository(installation: Installation, { model, cacheFolder }: { readonly model: string; readonly cacheFolder: string }): Promise<string> {
  const places = { bundledFolder: installation.starterFolder, cacheFolder, workingFolder: process.cwd() };
  const found = await findModel(nodeFiles, model, places).then(
    ({ name, folder }) => `ok   model       ${name} in ${folder}`,
    (error: unknown) => `FAIL model       ${error instanceof Error ? error.message : String(error)}`,
  );
  return [`ok   node        ${process.version} on ${process.platform} ${process.arch}`, found, '     repository  not looked at: no repository is open, or the workspace is not trusted'].join('\n');
}
