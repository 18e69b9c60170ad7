// Starts an engine process and opens a model in it: the one place where the pieces between a model's folder and prompts are joined.
import { EngineClient, type CrashReport } from './engineClient/engineClient.ts';
import type { ForkedProcess } from './base/forkedProcess.ts';
import { gpuEnvironment } from './gpuEnvironment.ts';
import { forkProcess } from './host/forkedProcess.ts';
import { nodeFiles } from './host/nodeFiles.ts';
import { residentBytes } from './host/residentMemory.ts';
import { systemClock } from './host/systemClock.ts';
import { defaultThreads, type Installation } from './installation.ts';
import type { LanguageModel } from './languageModel/languageModel.ts';
import { openLanguageModel } from './languageModel/openLanguageModel.ts';
import { findModel } from './models/findModel.ts';
import type { Device } from './protocol/engine.ts';

export interface OpenModelOptions {
  readonly installation: Installation;
  readonly cacheFolder: string;
  /** Undefined: the bundled starter model. */
  readonly model?: string | undefined;
  readonly threads?: number | undefined;
  readonly device?: Device | undefined;
  /** Of the time: how much of it learning may keep a GPU busy. */
  readonly gpuShare?: number | undefined;
  /** Niceness of the engine process, 0 to 19. */
  readonly nice?: number;
  readonly workingFolder: string;
  readonly onCrash?: (report: CrashReport) => void;
  readonly signal?: AbortSignal;
}

export interface OpenedModel {
  readonly model: LanguageModel;
  /** What the engine's process holds now; null: not known. */
  memoryBytes(): Promise<number | null>;
  dispose(): void;
}

export async function openModel(options: OpenModelOptions): Promise<OpenedModel> {
  const { installation, cacheFolder, device = 'cpu' } = options;
  await nodeFiles.makeFolder(cacheFolder);
  const folder = await findModel(nodeFiles, options.model, {
    bundledFolder: installation.starterFolder,
    cacheFolder,
    workingFolder: options.workingFolder,
  });
  let running: ForkedProcess | undefined;
  const client = new EngineClient({
    start: () => {
      running = forkProcess({
        modulePath: installation.engineModule,
        args: [`--nice=${options.nice ?? 0}`],
        env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...(device === 'webgpu' ? gpuEnvironment() : {}) },
      });
      return running;
    },
    clock: systemClock,
    ...(options.onCrash ? { onCrash: options.onCrash } : {}),
  });
  try {
    const model = await openLanguageModel({
      engine: client,
      files: nodeFiles,
      open: { modelFolder: folder.folder, cacheFolder, threads: options.threads ?? defaultThreads(), device, ...(options.gpuShare === undefined ? {} : { gpuShare: options.gpuShare }) },
      ...(options.signal ? { signal: options.signal } : {}),
    });
    return { model, memoryBytes: async () => (running?.pid === undefined ? null : residentBytes(running.pid)), dispose: () => client.dispose() };
  } catch (error) {
    client.dispose();
    throw error;
  }
}
