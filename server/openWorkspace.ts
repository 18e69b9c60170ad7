// Everything long-lived that serves one repository: what the command line, the learner worker, the demo and the benchmarks share.
import { Random } from './base/random.ts';
import type { AuthorPolicy } from './filters/filters.ts';
import { nodeFiles } from './host/nodeFiles.ts';
import { createLinuxSandbox } from './host/sandbox.ts';
import { systemClock } from './host/systemClock.ts';
import { temporaryFolder, type Installation } from './installation.ts';
import { createLearner } from './learning/createLearner.ts';
import type { Learner } from './learning/learn.ts';
import { openModel, type OpenedModel } from './openModel.ts';
import { openRepositoryAndStore, type OpenedRepository, type RepositoryOptions } from './openRepositoryAndStore.ts';
import type { Device } from './protocol/engine.ts';
import { loadSyntax } from './syntax/loadSyntax.ts';
import { servingShape, type PromptTools } from './syntax/promptContext.ts';
import type { Syntax } from './syntax/syntax.ts';

export interface WorkspaceOptions extends RepositoryOptions {
  readonly installation: Installation;
  readonly cacheFolder: string;
  readonly model?: string | undefined;
  readonly threads?: number | undefined;
  /** Default: the CPU. */
  readonly device?: Device | undefined;
  /** Of the time: how much of it learning may keep a GPU busy. */
  readonly gpuShare?: number | undefined;
  readonly nice?: number;
  readonly authors: AuthorPolicy;
  /** Which of the files that a grammar reads are learnt; default all. */
  readonly learns?: (path: string) => boolean;
  /** Patterns of files that may not teach, as in a .gitignore. */
  readonly ignore?: readonly string[];
  /** False: no test of the project is run. */
  readonly runTests: boolean;
  /** What runs them; null or absent: what package.json says. */
  readonly testCommand?: string | null;
  readonly onEngineCrash?: (message: string) => void;
}

export interface Workspace extends OpenedRepository {
  readonly opened: OpenedModel;
  readonly syntax: Syntax;
  readonly tools: PromptTools;
  readonly learner: Learner;
  dispose(): Promise<void>;
}

export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const { repository, store } = await openRepositoryAndStore(options);
  const syntax = await loadSyntax(nodeFiles, options.installation.syntax);
  const opened = await openModel({
    installation: options.installation,
    cacheFolder: options.cacheFolder,
    model: options.model,
    threads: options.threads,
    device: options.device,
    gpuShare: options.gpuShare,
    workingFolder: options.folder,
    ...(options.nice === undefined ? {} : { nice: options.nice }),
    onCrash: ({ exit }) => options.onEngineCrash?.(`The engine process ended (${exit.signal ?? exit.status}) and is started again. ${exit.lastErrors}`.trim()),
  });
  const { model } = opened;
  const learner = createLearner({
    repository,
    syntax,
    model,
    store,
    clock: systemClock,
    files: nodeFiles,
    sandbox: options.runTests ? createLinuxSandbox() : null,
    testCommand: options.testCommand ?? null,
    authors: options.authors,
    ignore: options.ignore ?? [],
    learns: options.learns ?? (() => true),
    temporaryFolder: temporaryFolder(),
    random: new Random(`${process.pid}:${Date.now()}`),
  });
  return {
    repository,
    store,
    opened,
    syntax,
    tools: { syntax, countTokens: (text) => model.countTokens(text), shape: servingShape },
    learner,
    async dispose() {
      await learner.dispose();
      opened.dispose();
      syntax.dispose();
    },
  };
}
