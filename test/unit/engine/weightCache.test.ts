// Weights of a checkpoint as one f32 file: used as they are, converted once, rewritten when damaged; bad checkpoints are refused by name.
import { describe, expect, it } from 'vitest';
import { headerBytes, readHeader, writeSafetensors, type TensorToWrite } from '../../../server/adapterFormat/safetensors.ts';
import { modelTensors } from '../../../server/engine/model/modelTensors.ts';
import { openWeights, type WeightFile } from '../../../server/engine/model/weightCache.ts';
import { CountedLargeFiles } from '../../support/countedLargeFiles.ts';
import { tinyConfig, tinyWeights } from '../../support/tinyWeights.ts';

const config = tinyConfig();
const weights = tinyWeights(config);
const tensors: readonly TensorToWrite[] = [...weights.tensors].map(([name, { shape, data }]) => ({ name, shape, data }));
const cachePath = '/cache/hash.f32.safetensors';

describe('weights', () => {
  it('in one f32 file are mapped where they are', async () => {
    const files = filesWith({ 'model.safetensors': writeSafetensors(tensors) });
    const opened = await open(files);
    expect(opened.path).toBe('/model/model.safetensors');
    expect(files.writes).toBe(0);
    expectWeights(files, opened, (value) => value);
  });

  it('in bf16 are converted once, each tensor at a page', async () => {
    const files = filesWith({ 'model.safetensors': bf16File(tensors) });
    const opened = await open(files);
    expect(opened.path).toBe(cachePath);
    expectWeights(files, opened, truncatedToBf16);
    expect([...opened.tensors.values()].every(({ offsetBytes }) => offsetBytes % 4096 === 0)).toBe(true);
    expect(readHeader(files.contents.get(cachePath) ?? new Uint8Array()).tensors.size).toBeGreaterThanOrEqual(tensors.length);
    expect(await open(files)).toEqual(opened);
    expect(files.writes).toBe(1);
  });

  it('in shards are gathered', async () => {
    const files = filesWith(sharded());
    expectWeights(files, await open(files), (value) => value);
  });

  it('are converted again where the cache is cut short', async () => {
    const files = filesWith({ 'model.safetensors': bf16File(tensors) });
    await open(files);
    files.contents.set(cachePath, (files.contents.get(cachePath) ?? new Uint8Array()).slice(0, -5000));
    expectWeights(files, await open(files), truncatedToBf16);
    expect(files.writes).toBe(2);
  });

  it('say what to do where the cache cannot be written', async () => {
    const files = filesWith({ 'model.safetensors': bf16File(tensors) });
    files.replaceStreamed = () => Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
    await expect(open(files)).rejects.toMatchObject({ code: 'model.cacheUnwritable', message: expect.stringContaining('Make room') });
  });

  const whole = writeSafetensors(tensors);
  const other = tensors.map((tensor) => (tensor.name === 'model.norm.weight' ? { ...tensor, shape: [4, 2] } : tensor));
  const refused: readonly (readonly [string, Record<string, Uint8Array>, string])[] = [
    ['nothing there', {}, 'model.weightsMissing'],
    ['a file cut within its header', { 'model.safetensors': whole.slice(0, 100) }, 'model.weightsCorrupt'],
    ['a file cut within its data', { 'model.safetensors': whole.slice(0, -1) }, 'model.weightsCorrupt'],
    ['a file that is something else', { 'model.safetensors': new TextEncoder().encode('version https://git-lfs.github.com/spec/v1') }, 'model.weightsCorrupt'],
    ['a tensor missing', { 'model.safetensors': writeSafetensors(tensors.slice(1)) }, 'model.tensorMissing'],
    ['a tensor of another shape', { 'model.safetensors': writeSafetensors(other) }, 'model.tensorShape'],
    ['integers', { 'model.safetensors': integerFile() }, 'model.tensorType'],
    ['a shard missing', omit(sharded(), 'two.safetensors'), 'model.weightsMissing'],
    ['an index that is no JSON', { ...sharded(), 'model.safetensors.index.json': new TextEncoder().encode('{') }, 'model.weightsCorrupt'],
    ['an index that leads out of the folder', { ...sharded('../two.safetensors') }, 'model.weightsCorrupt'],
    ['an index that lacks a tensor', { ...sharded(), 'model.safetensors.index.json': new TextEncoder().encode('{"weight_map":{}}') }, 'model.tensorMissing'],
  ];
  it.each(refused)('are refused: %s', async (_title, contents, code) => {
    const files = filesWith(contents);
    await expect(open(files)).rejects.toMatchObject({ code });
    expect(files.writes).toBe(0);
  });
});

function open(files: CountedLargeFiles): Promise<WeightFile> {
  return openWeights({ files, folder: '/model', cacheFolder: '/cache', hash: 'hash', config });
}

function expectWeights(files: CountedLargeFiles, { path, tensors: places }: WeightFile, rounded: (value: number) => number): void {
  const file = files.contents.get(path) ?? new Uint8Array();
  expect([...places.keys()]).toEqual([...modelTensors(config).keys()]);
  for (const { name, shape, data } of tensors) {
    const place = places.get(name);
    expect(place?.shape, name).toEqual(shape);
    const bytes = file.slice(place?.offsetBytes, (place?.offsetBytes ?? 0) + (place?.lengthBytes ?? 0));
    expect(new Float32Array(bytes.buffer), name).toEqual(data.map(rounded));
  }
}

function filesWith(contents: Readonly<Record<string, Uint8Array>>): CountedLargeFiles {
  return new CountedLargeFiles(new Map(Object.entries(contents).map(([name, bytes]) => [`/model/${name}`, bytes])));
}

function sharded(secondName = 'two.safetensors'): Record<string, Uint8Array> {
  const map = Object.fromEntries(tensors.map(({ name }, index) => [name, index % 2 === 0 ? 'one.safetensors' : secondName]));
  return {
    'model.safetensors.index.json': new TextEncoder().encode(JSON.stringify({ weight_map: map })),
    'one.safetensors': writeSafetensors(tensors.filter((_, index) => index % 2 === 0)),
    [secondName]: writeSafetensors(tensors.filter((_, index) => index % 2 === 1)),
  };
}

function bf16File(all: readonly TensorToWrite[]): Uint8Array {
  return fileOf(all, 'BF16', (data) => new Uint8Array(Uint16Array.from(new Uint32Array(data.slice().buffer), (bits) => bits >>> 16).buffer));
}

function integerFile(): Uint8Array {
  return fileOf(tensors, 'I32', (data) => new Uint8Array(Int32Array.from(data).buffer));
}

function fileOf(all: readonly TensorToWrite[], dtype: string, encode: (data: Float32Array) => Uint8Array): Uint8Array {
  const encoded = all.map((tensor) => ({ ...tensor, bytes: encode(tensor.data) }));
  let offset = 0;
  const entries = encoded.map(({ name, shape, bytes }): [string, unknown] => {
    const start = offset;
    offset += bytes.length;
    return [name, { dtype, shape, data_offsets: [start, offset] }];
  });
  return Uint8Array.from([...headerBytes(entries, {}), ...encoded.flatMap(({ bytes }) => [...bytes])]);
}

function truncatedToBf16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  return new Float32Array(Uint32Array.of((bits[0] ?? 0) & 0xffff0000).buffer)[0] ?? 0;
}

function omit(contents: Record<string, Uint8Array>, name: string): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(contents).filter(([key]) => key !== name));
}
