// The language server's root: forked by the editor's extension, it constructs what is long-lived and ends with the editor.
import { join } from 'node:path';
import { homedir } from 'node:os';
import { Worker } from 'node:worker_threads';
import { CommandContext, type GlobalOptions } from './commandLine/context.ts';
import { doctorCommand } from './commandLine/doctorCommand.ts';
import { compareCommand, logCommand } from './commandLine/versionCommands.ts';
import { readUserConfig } from './git/userConfig.ts';
import { nodeFiles } from './host/nodeFiles.ts';
import { nodeFolderWatcher } from './host/nodeFolderWatcher.ts';
import { nodeProcesses } from './host/nodeProcesses.ts';
import { systemClock } from './host/systemClock.ts';
import { installationAt, userCacheFolder, type Installation } from './installation.ts';
import type { Capabilities, LearnerThread } from './lsp/capabilities.ts';
import { startServer } from './lsp/startServer.ts';
import { findModel, listModels } from './models/findModel.ts';
import { openModel } from './openModel.ts';
import { openRepositoryAndStore } from './openWorkspace.ts';
import { learnerEventSchema } from './protocol/learner.ts';
import { loadSyntax } from './syntax/loadSyntax.ts';

function main(): void {
  const { end } = startServer({ capabilities: (root) => capabilitiesOf(installationAt(root)), onExit: () => process.exit(0) });
  // The editor's process is gone, however it went: engines see their own channel close and end by themselves.
  process.on('disconnect', () => {
    void end().finally(() => process.exit(0));
    setTimeout(() => process.exit(0), 1_000);
  });
}

function capabilitiesOf(installation: Installation): Capabilities {
  const cacheFolder = userCacheFolder();
  const context = (folder: string, model: string): CommandContext => {
    const options: GlobalOptions = { repo: folder, json: false, device: 'auto', seed: 1, ...(model === '' ? {} : { model }) };
    return new CommandContext(installation, options);
  };
  return {
    clock: systemClock,
    files: nodeFiles,
    watcher: nodeFolderWatcher,
    openModel: ({ model, workingFolder, onCrash }) =>
      openModel({
        installation,
        cacheFolder,
        workingFolder,
        onCrash: ({ exit }) => onCrash(`${exit.signal ?? exit.status ?? 'it did not start'} ${exit.lastErrors}`.trim()),
        ...(model === '' ? {} : { model }),
      }),
    openRepository: (folder) => openRepositoryAndStore({ folder }),
    loadSyntax: () => loadSyntax(nodeFiles, installation.syntax),
    startLearner: () => learnerThread(installation),
    approvedEmails: async (folder) => {
      const ask = (key: string) => readUserConfig(key, { processes: nodeProcesses, folder, searchPath: process.env['PATH'] ?? '', home: homedir() });
      return (await Promise.all([ask('user.email'), ask('graft.approvedAuthor')])).flat();
    },
    listModels: () => listModels(nodeFiles, { bundledFolder: installation.starterFolder, cacheFolder, workingFolder: process.cwd() }),
    places: { installationRoot: installation.root, cacheFolder },
    reports: {
      log: async (folder, model) => (await logCommand(context(folder, model), {})).text,
      compare: async (folder, { a, b }) => (await compareCommand(context(folder, ''), a, b)).text,
      doctor: async (folder, model) => (folder === null ? doctorWithoutRepository(installation, model) : (await doctorCommand(context(folder, model))).text),
    },
  };
}

/** No git, no tests: what an untrusted workspace may know. */
async function doctorWithoutRepository(installation: Installation, choice: string): Promise<string> {
  const places = { bundledFolder: installation.starterFolder, cacheFolder: userCacheFolder(), workingFolder: process.cwd() };
  const model = await findModel(nodeFiles, choice, places).then(
    ({ name, folder }) => `ok   model       ${name} in ${folder}`,
    (error: unknown) => `FAIL model       ${error instanceof Error ? error.message : String(error)}`,
  );
  return [`ok   node        ${process.version} on ${process.platform} ${process.arch}`, model, '     repository  not looked at: no repository is open, or the workspace is not trusted'].join('\n');
}

function learnerThread({ root }: Installation): LearnerThread {
  const worker = new Worker(join(root, 'dist', 'learnerMain.cjs'));
  let ended = false;
  return {
    post: (request) => worker.postMessage(request),
    onEvent: (listener) => void worker.on('message', (message: unknown) => listener(learnerEventSchema.parse(message))),
    onEnd(listener) {
      const end = (error: Error | null): void => {
        if (ended) return;
        ended = true;
        listener(error);
      };
      worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
      worker.on('exit', () => end(null));
    },
    terminate: async () => void (await worker.terminate()),
  };
}

main();
