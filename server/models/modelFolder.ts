// A folder with a Hugging Face checkpoint: what is in it, and what is missing. The engine reads the weights; here only the
// small files are looked into, so listing models is cheap.
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Files } from '../base/files.ts';
import { ModelFolderError } from './errors.ts';

export interface ModelFolder {
  readonly folder: string;
  readonly name: string;
  /** config.json's model_type; whether the engine runs it is the engine's to say. */
  readonly family: string;
  /** Names of the weight files, sorted. */
  readonly weightFiles: readonly string[];
  /** Null where the weights are links, as in the hub's own cache. */
  readonly weightBytes: number | null;
  readonly dtype: string;
  /** From the size of the weights and their dtype; null where either is unknown. */
  readonly approximateParameters: number | null;
  readonly contextTokens: number | null;
  /** As the model's card or its download names it; null is unknown. */
  readonly licence: string | null;
}

/** What a download writes beside the model's own files. */
export const originFileName = 'graft-model.json';

export const originSchema = z.object({
  repository: z.string(),
  revision: z.string(),
  licence: z.string().nullable(),
  files: z.record(z.string(), z.string()),
});

/** @throws ModelFolderError 'modelNotFound', 'modelIncomplete' or 'modelUnreadable'. */
export async function readModelFolder(files: Files, folder: string): Promise<ModelFolder> {
  const stat = await files.stat(folder);
  if (!stat || stat.kind === 'file') {
    throw new ModelFolderError({ code: 'modelNotFound', message: `There is no model folder at ${folder}.`, details: { folder } });
  }
  const names = new Set(await files.list(folder));
  for (const needed of ['config.json', 'tokenizer.json']) if (!names.has(needed)) throw incomplete(folder, needed);
  const config = await readJson(files, join(folder, 'config.json'), configSchema);
  const weightFiles = names.has('model.safetensors') ? ['model.safetensors'] : await shards(files, folder, names);
  let weightBytes: number | null = 0;
  for (const file of weightFiles) {
    const stat = await files.stat(join(folder, file));
    if (stat?.kind !== 'file' && stat?.kind !== 'link') throw incomplete(folder, file);
    weightBytes = stat.kind === 'link' || weightBytes === null ? null : weightBytes + stat.sizeBytes;
  }
  const origin = names.has(originFileName) ? await readJson(files, join(folder, originFileName), originSchema) : undefined;
  const dtype = config.torch_dtype ?? config.dtype ?? 'unknown';
  const width = widths[dtype];
  return {
    folder,
    name: origin?.repository ?? basename(folder),
    family: config.model_type,
    weightFiles,
    weightBytes,
    dtype,
    approximateParameters: width === undefined || weightBytes === null ? null : Math.round(weightBytes / width),
    contextTokens: config.max_position_embeddings ?? null,
    licence: origin?.licence ?? (names.has('README.md') ? licenceOfCard(await files.readText(join(folder, 'README.md'))) : null),
  };
}

const widths: Readonly<Record<string, number>> = { float32: 4, float16: 2, bfloat16: 2 };

const configSchema = z.looseObject({
  model_type: z.string(),
  torch_dtype: z.string().optional(),
  dtype: z.string().optional(),
  max_position_embeddings: z.int().positive().optional(),
});

const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string().regex(/^[^/\\]+$/)) });

async function shards(files: Files, folder: string, names: ReadonlySet<string>): Promise<string[]> {
  const index = 'model.safetensors.index.json';
  if (!names.has(index)) throw incomplete(folder, 'model.safetensors');
  const { weight_map } = await readJson(files, join(folder, index), indexSchema);
  return [...new Set(Object.values(weight_map))].sort();
}

async function readJson<T>(files: Files, path: string, schema: z.ZodType<T>): Promise<T> {
  try {
    return schema.parse(JSON.parse(await files.readText(path)));
  } catch (cause) {
    throw new ModelFolderError({
      code: 'modelUnreadable',
      message: `${path} is damaged. Fetch the model again, or choose another.`,
      details: { path },
      cause,
    });
  }
}

function incomplete(folder: string, file: string): ModelFolderError {
  const advice = file.endsWith('.safetensors')
    ? 'Graft reads weights in the safetensors format; fetch the model again, or convert it.'
    : 'Fetch the model again, or copy the file from the same checkpoint.';
  return new ModelFolderError({
    code: 'modelIncomplete',
    message: `The model in ${folder} lacks ${file}. ${advice}`,
    details: { folder, file },
  });
}

/** The `license:` line of a model card's front matter. */
function licenceOfCard(card: string): string | null {
  const front = /^---\n([\s\S]*?)\n---/.exec(card)?.[1];
  const licence = /^license:\s*(\S.*)$/m.exec(front ?? '')?.[1]?.trim() ?? null;
  const name = /^license_name:\s*(\S.*)$/m.exec(front ?? '')?.[1]?.trim();
  return licence === 'other' && name !== undefined ? name : licence;
}
