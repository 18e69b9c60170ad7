// Finding, describing and hashing model folders, in a file system in memory.
import { describe, expect, test } from 'vitest';
import { findModel, listModels, type ModelPlaces } from '../../../server/models/findModel.ts';
import { ModelFolderError } from '../../../server/models/errors.ts';
import { readModelFolder } from '../../../server/models/modelFolder.ts';
import { hashModel } from '../../../server/models/modelHash.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { memoryLargeFiles } from '../../support/memoryLargeFiles.ts';

const places: ModelPlaces = { bundledFolder: '/app/models/starter', cacheFolder: '/cache', workingFolder: '/work' };
const config = JSON.stringify({ model_type: 'qwen2', torch_dtype: 'bfloat16', max_position_embeddings: 1024 });

async function folderOf(contents: Readonly<Record<string, Readonly<Record<string, string>>>>, nowMs?: () => number): Promise<MemoryFiles> {
  const files = new MemoryFiles(nowMs);
  for (const [folder, entries] of Object.entries(contents)) {
    await files.makeFolder(folder);
    for (const [name, text] of Object.entries(entries)) await files.write(`${folder}/${name}`, text);
  }
  return files;
}

const whole = { 'config.json': config, 'tokenizer.json': '{}', 'model.safetensors': 'w'.repeat(200) };

async function problemOf(promise: Promise<unknown>): Promise<[string, string]> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ModelFolderError) return [error.code, error.message];
    throw error;
  }
  return ['none', ''];
}

describe('a model folder', () => {
  test('is described from its small files', async () => {
    const files = await folderOf({ '/m/tiny': { ...whole, 'README.md': '---\nlicense: mit\n---\n# Tiny\n' } });
    expect(await readModelFolder(files, '/m/tiny')).toEqual({
      folder: '/m/tiny', name: 'tiny', family: 'qwen2', weightFiles: ['model.safetensors'], weightBytes: 200, dtype: 'bfloat16',
      approximateParameters: 100, contextTokens: 1024, licence: 'mit',
    });
  });

  test('may have its weights in shards', async () => {
    const { 'model.safetensors': _, ...rest } = whole;
    const index = JSON.stringify({ weight_map: { a: 'model-00002-of-00002.safetensors', b: 'model-00001-of-00002.safetensors' } });
    const files = await folderOf({
      '/m': { ...rest, 'model.safetensors.index.json': index, 'model-00001-of-00002.safetensors': 'ww', 'model-00002-of-00002.safetensors': 'www' },
    });
    const model = await readModelFolder(files, '/m');
    expect([model.weightFiles.length, model.weightBytes]).toEqual([2, 5]);
  });

  test.each<[string, Record<string, string>, string, RegExp]>([
    ['no weights', { 'config.json': config, 'tokenizer.json': '{}' }, 'modelIncomplete', /lacks model\.safetensors/],
    ['no tokenizer', { 'config.json': config, 'model.safetensors': '' }, 'modelIncomplete', /lacks tokenizer\.json/],
    ['a damaged config', { ...whole, 'config.json': '{' }, 'modelUnreadable', /config\.json is damaged\. Fetch/],
    ['a missing shard', { 'config.json': config, 'tokenizer.json': '{}', 'model.safetensors.index.json': '{"weight_map":{"a":"x.safetensors"}}' }, 'modelIncomplete', /lacks x\.safetensors/],
    ['a shard outside the folder', { 'config.json': config, 'tokenizer.json': '{}', 'model.safetensors.index.json': '{"weight_map":{"a":"../x.safetensors"}}' }, 'modelUnreadable', /index\.json is damaged/],
  ])('with %s is refused with what to do', async (_name, entries, code, message) => {
    const files = await folderOf({ '/m': entries });
    const [foundCode, foundMessage] = await problemOf(readModelFolder(files, '/m'));
    expect(foundCode).toBe(code);
    expect(foundMessage).toMatch(message);
  });
});

describe('finding a model', () => {
  const contents = { '/app/models/starter': whole, '/cache/models/Qwen--Tiny': whole, '/work/mine': whole, '/else/where': whole };
  test.each([
    [undefined, '/app/models/starter'],
    ['starter', '/app/models/starter'],
    ['/else/where', '/else/where'],
    ['./mine', '/work/mine'],
    ['mine', '/work/mine'],
    ['Qwen/Tiny', '/cache/models/Qwen--Tiny'],
  ])('%s is in %s', async (choice, folder) => {
    expect((await findModel(await folderOf(contents), choice, places)).folder).toBe(folder);
  });

  test.each([
    ['Qwen/Qwen2.5-Coder-0.5B', /Fetch it with: graft model pull Qwen\/Qwen2\.5-Coder-0\.5B/],
    ['nonsense', /graft model list/],
    ['/no/where', /no model folder at \/no\/where/],
  ])('%s is refused with what to do', async (choice, message) => {
    const [code, text] = await problemOf(findModel(await folderOf(contents), choice, places));
    expect(code).toBe('modelNotFound');
    expect(text).toMatch(message);
  });

  test('lists what is here with its faults, and what the hub has', async () => {
    const files = await folderOf({ ...contents, '/cache/models/Torn--Model': { 'config.json': config }, '/cache/models/A--B.partial': {} });
    const listed = await listModels(files, places);
    expect(listed.slice(0, 3).map(({ name, where, problem }) => [name, where, problem !== null])).toEqual([
      ['starter', 'bundled', false],
      ['Qwen/Tiny', 'pulled', false],
      ['Torn/Model', 'pulled', true],
    ]);
    expect(listed.slice(3).every(({ where, licence }) => where === 'hub' && licence !== null)).toBe(true);
  });
});

describe("a model's hash", () => {
  async function setUp() {
    let nowMs = 1;
    const files = await folderOf({ '/m': whole }, () => nowMs);
    const hashed: string[] = [];
    const largeFiles = memoryLargeFiles(files);
    const readRange: typeof largeFiles.readRange = (path, start, length) => (hashed.push(path), largeFiles.readRange(path, start, length));
    const hash = async () => hashModel(await readModelFolder(files, '/m'), { files, largeFiles: { ...largeFiles, readRange }, cacheFolder: '/cache' });
    return { files, hashed, hash, later: () => (nowMs += 1000) };
  }

  test('is read from the cache while the files stay', async () => {
    const { hash, hashed } = await setUp();
    const first = await hash();
    expect(await hash()).toBe(first);
    expect(hashed).toHaveLength(3);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
  });

  test('changes with the weights, also at equal size', async () => {
    const { files, hash, hashed, later } = await setUp();
    const first = await hash();
    later();
    await files.write('/m/model.safetensors', 'v'.repeat(200));
    expect(await hash()).not.toBe(first);
    expect(hashed).toHaveLength(4);
  });

  test('does without a damaged cache', async () => {
    const { files, hash, hashed } = await setUp();
    const first = await hash();
    await files.write('/cache/model-hashes.json', '{"torn');
    expect(await hash()).toBe(first);
    expect(hashed).toHaveLength(6);
  });
});
