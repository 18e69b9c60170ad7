// Weights as one f32 file that executors can memory-map. A single-file f32 checkpoint is that file already; anything else (bf16, f16, shards) is
// converted once into the cache folder, under the model's hash. The cache is itself safetensors; tensors start at pages, with filler between.
import { toFloat32 } from '../../adapterFormat/floatTensors.ts';
import { headerBytes } from '../../adapterFormat/safetensors.ts';
import type { LargeFiles } from '../../base/largeFiles.ts';
import type { Weights } from '../graph/weights.ts';
import { openCheckpoint, readHeaderOf, type Checkpoint, type CheckpointTensor } from './checkpoint.ts';
import { ModelError } from './errors.ts';
import type { ModelConfig } from './modelConfig.ts';

export type WeightFile = Extract<Weights, { kind: 'file' }>;

export interface OpenWeightsOptions {
  readonly files: LargeFiles;
  readonly folder: string;
  readonly cacheFolder: string;
  /** SHA-256 of the model, the cache's key. */
  readonly hash: string;
  readonly config: ModelConfig;
}

const pageBytes = 4096;
/** Converted at once: bounds memory, whatever the size of a tensor. */
const chunkBytes = 32 << 20;

export async function openWeights({ files, folder, cacheFolder, hash, config }: OpenWeightsOptions): Promise<WeightFile> {
  const checkpoint = await openCheckpoint(files, folder, config);
  const [only, ...others] = new Set([...checkpoint.values()].map((tensor) => tensor.path));
  const isMappable = only !== undefined && others.length === 0 && [...checkpoint.values()].every((tensor) => tensor.dtype === 'F32');
  // A link out of the model folder (Hugging Face's cache is made of them) is refused by onnxruntime, its target is not.
  if (isMappable) return { kind: 'file', path: await files.realPath(only), tensors: placesOf(checkpoint) };

  const path = `${cacheFolder}/${hash}.f32.safetensors`;
  const cached = await openCache(files, path, checkpoint);
  if (cached !== undefined) return cached;
  const layout = cacheLayout(checkpoint);
  await writeCache(files, path, cacheBytes(files, checkpoint, layout));
  return { kind: 'file', path: await files.realPath(path), tensors: placesOf(layout.tensors) };
}

type Places = WeightFile['tensors'];
type Placed = ReadonlyMap<string, { readonly shape: readonly number[]; readonly startBytes: number; readonly endBytes: number }>;

function placesOf(tensors: Placed): Places {
  return new Map([...tensors].map(([name, { shape, startBytes, endBytes }]) => [name, { shape, offsetBytes: startBytes, lengthBytes: endBytes - startBytes }]));
}

/** The cache, if it is there and holds every tensor whole; a damaged one is written again. */
async function openCache(files: LargeFiles, path: string, checkpoint: Checkpoint): Promise<WeightFile | undefined> {
  try {
    const { tensors } = await readHeaderOf(files, path);
    for (const [name, { shape }] of checkpoint) {
      const tensor = tensors.get(name);
      if (tensor?.dtype !== 'F32' || tensor.shape.join() !== shape.join()) return undefined;
    }
    const needed = [...tensors].filter(([name]) => checkpoint.has(name));
    return { kind: 'file', path: await files.realPath(path), tensors: placesOf(new Map(needed)) };
  } catch (error) {
    if (error instanceof ModelError) return undefined;
    throw error;
  }
}

async function writeCache(files: LargeFiles, path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    await files.replaceStreamed(path, chunks);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (!['ENOSPC', 'EACCES', 'EPERM', 'EROFS', 'EDQUOT'].includes(code)) throw cause;
    throw new ModelError('model.cacheUnwritable', `The weights cannot be unpacked to ${path} (${code}). Make room there, or choose another cache folder.`, { path, code }, cause);
  }
}

interface CacheLayout {
  readonly header: Uint8Array;
  readonly tensors: Placed;
}

function cacheLayout(checkpoint: Checkpoint): CacheLayout {
  const entries: [string, unknown][] = [];
  const relative: [string, { shape: readonly number[]; startBytes: number; endBytes: number }][] = [];
  let offset = 0;
  for (const [name, { shape }] of checkpoint) {
    const endBytes = offset + elements(shape) * floatBytes;
    entries.push([name, { dtype: 'F32', shape, data_offsets: [offset, endBytes] }]);
    relative.push([name, { shape, startBytes: offset, endBytes }]);
    offset = Math.ceil(endBytes / pageBytes) * pageBytes;
    // The format knows no holes, so the filler is a tensor too.
    if (offset > endBytes) entries.push([`graft.filler.${entries.length}`, { dtype: 'U8', shape: [offset - endBytes], data_offsets: [endBytes, offset] }]);
  }
  const header = headerBytes(entries, { format: 'pt' }, pageBytes);
  const moved = relative.map(([name, { shape, startBytes, endBytes }]) => [name, { shape, startBytes: startBytes + header.length, endBytes: endBytes + header.length }] as const);
  return { header, tensors: new Map(moved) };
}

async function* cacheBytes(files: LargeFiles, checkpoint: Checkpoint, { header, tensors }: CacheLayout): AsyncGenerator<Uint8Array> {
  yield header;
  for (const [name, tensor] of checkpoint) {
    yield* converted(files, tensor);
    const end = tensors.get(name)?.endBytes ?? 0;
    const filler = Math.ceil(end / pageBytes) * pageBytes - end;
    if (filler > 0) yield new Uint8Array(filler);
  }
}

async function* converted(files: LargeFiles, { path, dtype, startBytes, endBytes }: CheckpointTensor): AsyncGenerator<Uint8Array> {
  for (let start = startBytes; start < endBytes; start += chunkBytes) {
    const floats = toFloat32(await files.readRange(path, start, Math.min(chunkBytes, endBytes - start)), dtype);
    yield new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
  }
}

const floatBytes = 4;

function elements(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}
