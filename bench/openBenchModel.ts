// A model folder opened in an engine process of its own, run from source: what benchmarks of whole paths start from.
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineClient } from '../server/engineClient/engineClient.ts';
import { forkProcess } from '../server/host/forkedProcess.ts';
import { nodeFiles } from '../server/host/nodeFiles.ts';
import { systemClock } from '../server/host/systemClock.ts';
import type { LanguageModel } from '../server/languageModel/languageModel.ts';
import { openLanguageModel } from '../server/languageModel/openLanguageModel.ts';

export const starterFolder = fileURLToPath(new URL('../models/starter', import.meta.url));

export interface BenchModel {
  readonly model: LanguageModel;
  close(): Promise<void>;
}

export async function openBenchModel(modelFolder = process.env.GRAFT_MODEL ?? starterFolder): Promise<BenchModel> {
  const modulePath = fileURLToPath(new URL('../server/engineMain.ts', import.meta.url));
  const environment = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const engine = new EngineClient({ start: () => forkProcess({ modulePath, execArgv: ['--import', 'tsx'], env: environment }), clock: systemClock });
  const cacheFolder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'graft', 'weights');
  await nodeFiles.makeFolder(cacheFolder);
  const model = await openLanguageModel({ engine, files: nodeFiles, open: { modelFolder, cacheFolder, threads: availableParallelism(), device: 'cpu' } });
  return { model, close: async () => engine.dispose() };
}
