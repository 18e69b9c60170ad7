// `graft model list|pull|info`: what models there are, and fetching one because the user asked.
import Table from 'cli-table3';
import { appendChunks } from '../host/appendChunks.ts';
import { nodeFiles } from '../host/nodeFiles.ts';
import { nodeLargeFiles } from '../host/nodeLargeFiles.ts';
import { describeHubModel, type Hub } from '../models/hub.ts';
import { findModel, listModels } from '../models/findModel.ts';
import { hashModel } from '../models/modelHash.ts';
import { pullModel } from '../models/pullModel.ts';
import type { CommandContext } from './context.ts';
import type { CommandResult } from './output.ts';

export async function modelListCommand(context: CommandContext): Promise<CommandResult> {
  const models = await listModels(nodeFiles, context.modelPlaces);
  const table = new Table({ head: ['model', 'where', 'parameters', 'licence', ''], style: { head: [], border: [], compact: true } });
  for (const { name, where, approximateParameters, licence, problem } of models) {
    table.push([name, where === 'hub' ? 'graft model pull' : where, approximateParameters === null ? 'unknown' : `${(approximateParameters / 1e6).toFixed(0)} M`, licence ?? 'unknown', problem ?? '']);
  }
  return { code: 0, document: models, text: table.toString() };
}

export async function modelInfoCommand(context: CommandContext, name: string | undefined): Promise<CommandResult> {
  const model = await findModel(nodeFiles, name ?? context.options.model, context.modelPlaces);
  const hash = await hashModel(model, { files: nodeFiles, largeFiles: nodeLargeFiles, cacheFolder: context.cacheFolder });
  const lines = Object.entries({ ...model, weightFiles: model.weightFiles.join(' '), hash }).map(([key, value]) => `${key.padEnd(22)}${value ?? 'unknown'}`);
  return { code: 0, document: { ...model, hash }, text: lines.join('\n') };
}

export async function modelPullCommand(context: CommandContext, repository: string, options: { readonly signal: AbortSignal }): Promise<CommandResult> {
  const token = process.env['HF_TOKEN'];
  const hub: Hub = {
    fetch: (url, request) => fetch(url, { headers: request.headers, ...(request.signal ? { signal: request.signal } : {}) }),
    endpoint: process.env['HF_ENDPOINT'] ?? 'https://huggingface.co',
    ...(token === undefined ? {} : { token }),
  };
  const model = await describeHubModel(hub, repository, { signal: options.signal });
  context.output.log(`${repository} at ${model.revision.slice(0, 12)}: ${(model.totalBytes / 1e6).toFixed(0)} MB, licence ${model.licence ?? 'unknown'}`);
  let lastPercent = -1;
  const folder = await pullModel(model, {
    hub,
    files: nodeFiles,
    largeFiles: nodeLargeFiles,
    append: appendChunks,
    cacheFolder: context.cacheFolder,
    signal: options.signal,
    onProgress: ({ file, doneBytes, totalBytes }) => {
      const percent = Math.floor((100 * doneBytes) / Math.max(totalBytes, 1));
      if (percent !== lastPercent) context.output.log(`${percent} %  ${file}`);
      lastPercent = percent;
    },
  });
  return { code: 0, document: { folder, ...model }, text: `${repository} is in ${folder}. Use it with: graft learn --model ${repository}` };
}
