// The language server's root: forked by the editor's extension, it constructs what is long-lived and ends with the editor.
import { join } from 'node:path';
import { homedir } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Random } from './base/random.ts';
import { commandLineReports } from './commandLineReports.ts';
import { readUserConfig } from './git/userConfig.ts';
import { nodeFiles } from './host/nodeFiles.ts';
import { nodeFolderWatcher } from './host/nodeFolderWatcher.ts';
import { nodeProcesses } from './host/nodeProcesses.ts';
import { systemClock } from './host/systemClock.ts';
import { installationAt, userCacheFolder, type Installation } from './installation.ts';
import type { Capabilities, LearnerThread } from './lsp/capabilities.ts';
import { startServer } from './lsp/startServer.ts';
import { listModels } from './models/findModel.ts';
import { openModel } from './openModel.ts';
import { openRepositoryAndStore } from './openRepositoryAndStore.ts';
import { learnerEventSchema } from './protocol/learner.ts';
import { loadSyntax } from './syntax/loadSyntax.ts';

function main(): void {
  // The border of last resort: a promise that nobody waited for must not end what the user types with. The editor shows this in its log.
  process.on('unhandledRejection', (reason) => process.stderr.write(`Graft: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}\n`));
  const { end } = startServer({ capabilities: (root) => capabilitiesOf(installationAt(root)), onExit: () => process.exit(0) });
  // The editor's process is gone, however it went: engines see their own channel close and end by themselves.
  process.on('disconnect', () => {
    void end().finally(() => process.exit(0));
    setTimeout(() => process.exit(0), 1_000);
  });
}

function capabilitiesOf(installation: Installation): Capabilities {
  const cacheFolder = userCacheFolder();
  return {
    clock: systemClock,
    files: nodeFiles,
    watcher: nodeFolderWatcher,
    session: new Random(`${process.pid}:${systemClock.nowMs()}`).nextUint32().toString(36),
    openModel: ({ model, device, workingFolder, onCrash }) =>
      openModel({
        installation,
        cacheFolder,
        device,
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
    reports: commandLineReports(installation, cacheFolder),
  };
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
