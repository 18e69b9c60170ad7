// The weights of a model folder: one model.safetensors, or shards with model.safetensors.index.json. Only headers are read here, and every
// tensor that the graphs need is checked against the config before anything large is touched.
import * as z from 'zod';
import { AdapterFormatError } from '../../adapterFormat/errors.ts';
import { isFloatDtype, type FloatDtype } from '../../adapterFormat/floatTensors.ts';
import { headerLengthBytes, parseHeader, type SafetensorsHeader } from '../../adapterFormat/safetensors.ts';
import type { LargeFiles } from '../../base/largeFiles.ts';
import { ModelError } from './errors.ts';
import type { ModelConfig } from './modelConfig.ts';
import { modelTensors } from './modelTensors.ts';

export interface CheckpointTensor {
  /** Absolute path of the file that holds it. */
  readonly path: string;
  readonly dtype: FloatDtype;
  readonly shape: readonly number[];
  readonly startBytes: number;
  readonly endBytes: number;
}

/** By name, in the order of `modelTensors`; tensors of the files that no graph reads are left out. */
export type Checkpoint = ReadonlyMap<string, CheckpointTensor>;

const singleFile = 'model.safetensors';
const indexFile = 'model.safetensors.index.json';
const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string().regex(/^[^/\\]+$/)) });

export async function openCheckpoint(files: LargeFiles, folder: string, config: ModelConfig): Promise<Checkpoint> {
  const fileOf = await tensorFiles(files, folder);
  const headers = new Map<string, SafetensorsHeader>();
  const checkpoint = new Map<string, CheckpointTensor>();
  for (const [name, shape] of modelTensors(config)) {
    const file = fileOf(name);
    if (file === undefined) missing(name);
    const path = `${folder}/${file}`;
    const header = headers.get(file) ?? (await readHeaderOf(files, path));
    headers.set(file, header);
    const tensor = header.tensors.get(name);
    if (tensor === undefined) missing(name);
    if (tensor.shape.length !== shape.length || tensor.shape.some((dim, index) => dim !== shape[index])) {
      const found = `[${tensor.shape.join(', ')}]`;
      throw new ModelError('model.tensorShape', `The weights do not belong to config.json: ${name} is ${found}, not [${shape.join(', ')}].`, { tensor: name });
    }
    if (!isFloatDtype(tensor.dtype)) {
      throw new ModelError('model.tensorType', `The weights are stored as ${tensor.dtype}. Graft reads F32, F16 and BF16; take the original checkpoint.`, { tensor: name });
    }
    checkpoint.set(name, { path, dtype: tensor.dtype, shape, startBytes: tensor.startBytes, endBytes: tensor.endBytes });
  }
  return checkpoint;
}

/** Header of a safetensors file of any size. Throws `ModelError` 'model.weightsMissing' or 'model.weightsCorrupt'. */
export async function readHeaderOf(files: LargeFiles, path: string): Promise<SafetensorsHeader> {
  const fileBytes = await files.sizeBytes(path);
  if (fileBytes === undefined) throw new ModelError('model.weightsMissing', `The model's weights are incomplete: ${path} is missing. Fetch the model again.`, { path });
  try {
    const length = headerLengthBytes(await files.readRange(path, 0, Math.min(8, fileBytes)), fileBytes);
    return parseHeader(await files.readRange(path, 8, length), fileBytes);
  } catch (cause) {
    if (!(cause instanceof AdapterFormatError)) throw cause;
    throw new ModelError('model.weightsCorrupt', `The model's weights in ${path} are damaged or cut short. Fetch the model again.`, { path, ...cause.details }, cause);
  }
}

/** The name of the file that holds a tensor. */
async function tensorFiles(files: LargeFiles, folder: string): Promise<(tensor: string) => string | undefined> {
  const indexBytes = await files.sizeBytes(`${folder}/${indexFile}`);
  if (indexBytes === undefined) return () => singleFile;
  const text = new TextDecoder().decode(await files.readRange(`${folder}/${indexFile}`, 0, indexBytes));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ModelError('model.weightsCorrupt', `${indexFile} is not JSON. Fetch the model again.`, { folder }, cause);
  }
  const result = indexSchema.safeParse(json);
  if (!result.success) throw new ModelError('model.weightsCorrupt', `${indexFile} is no index of shards. Fetch the model again.`, { folder });
  const map = new Map(Object.entries(result.data.weight_map));
  return (tensor) => map.get(tensor);
}

function missing(name: string): never {
  throw new ModelError('model.tensorMissing', `The weights lack ${name}, which config.json calls for. Fetch the model again.`, { tensor: name });
}
