// Downloads over a hub in memory: resuming, checking, refusing.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../../server/base/hash.ts';
import { ModelFolderError } from '../../../server/models/errors.ts';
import { describeHubModel, type Fetch, type Hub } from '../../../server/models/hub.ts';
import { pullModel } from '../../../server/models/pullModel.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { memoryLargeFiles } from '../../support/memoryLargeFiles.ts';

const contents: Readonly<Record<string, string>> = {
  'config.json': '{"model_type":"qwen2"}',
  'tokenizer.json': '{"model":{}}',
  'model.safetensors': 'weights'.repeat(1000),
  'pytorch_model.bin': 'not wanted',
  '../evil.safetensors': 'not wanted',
};
const revision = 'a'.repeat(40);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const gitBlob = (text: string): string => createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex');

interface Faults {
  /** Characters of the weights after which the connection breaks, once. */
  breakAfter?: number;
  damage?: boolean;
  noRanges?: boolean;
  status?: number;
}

function createHub(faults: Faults = {}) {
  const requests: string[] = [];
  const fetch: Fetch = async (url, { headers }) => {
    const range = Number(/bytes=(\d+)-/.exec(headers['range'] ?? '')?.[1] ?? 0);
    requests.push(`${url.replace('https://hub', '')}${range > 0 ? ` from ${range}` : ''}`);
    if (faults.status !== undefined) return { status: faults.status, body: null, text: async () => '' };
    if (url.includes('/api/models/')) {
      const siblings = Object.entries(contents).map(([rfilename, text]) => ({
        rfilename, size: text.length, blobId: gitBlob(text),
        ...(rfilename.endsWith('.safetensors') ? { lfs: { sha256: sha256(text), size: text.length } } : {}),
      }));
      const text = JSON.stringify({ sha: revision, siblings, cardData: { license: 'apache-2.0' } });
      return { status: 200, body: null, text: async () => text };
    }
    const name = url.split('/').at(-1) ?? '';
    const start = faults.noRanges ? 0 : range;
    const data = bytes(faults.damage && name === 'model.safetensors' ? 'x'.repeat(7000) : (contents[name] ?? ''));
    async function* body(): AsyncGenerator<Uint8Array> {
      const limit = name === 'model.safetensors' ? faults.breakAfter : undefined;
      yield data.subarray(start, limit);
      if (limit !== undefined) {
        delete faults.breakAfter;
        throw new Error('connection reset');
      }
    }
    return { status: start > 0 ? 206 : 200, body: body(), text: async () => '' };
  };
  const hub: Hub = { fetch, endpoint: 'https://hub' };
  return { hub, requests };
}

function setUp(faults: Faults = {}) {
  const files = new MemoryFiles();
  const append = async (path: string, chunks: AsyncIterable<Uint8Array>, onBytes: (count: number) => void): Promise<void> => {
    for await (const chunk of chunks) {
      const old = (await files.stat(path)) ? await files.read(path) : new Uint8Array();
      await files.write(path, Uint8Array.from([...old, ...chunk]));
      onBytes(chunk.length);
    }
  };
  const { hub, requests } = createHub(faults);
  const progress: number[] = [];
  const pull = async () =>
    pullModel(await describeHubModel(hub, 'Qwen/Tiny'), {
      hub, files, largeFiles: memoryLargeFiles(files), append, cacheFolder: '/cache', onProgress: ({ doneBytes }) => progress.push(doneBytes),
    });
  return { files, requests, pull, hub, progress };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ModelFolderError) return error.code;
    throw error;
  }
  return 'none';
}

describe('a download', () => {
  test('brings the wanted files of one revision, and says what it is', async () => {
    const { files, requests, pull, progress } = setUp();
    expect(await pull()).toBe('/cache/models/Qwen--Tiny');
    expect(await files.list('/cache/models/Qwen--Tiny')).toEqual(['config.json', 'graft-model.json', 'model.safetensors', 'tokenizer.json']);
    expect(await files.readText('/cache/models/Qwen--Tiny/model.safetensors')).toBe(contents['model.safetensors']);
    expect(JSON.parse(await files.readText('/cache/models/Qwen--Tiny/graft-model.json'))).toMatchObject({ licence: 'apache-2.0', revision });
    expect(requests.slice(1).every((url) => url.startsWith(`/Qwen/Tiny/resolve/${revision}/`))).toBe(true);
    expect(progress.at(-1)).toBe(7000 + 22 + 12);
  });

  test('that broke off goes on where it ended', async () => {
    const { files, requests, pull } = setUp({ breakAfter: 1500 });
    expect(await codeOf(pull())).toBe('hubUnreachable');
    expect(await files.stat('/cache/models/Qwen--Tiny')).toBeUndefined();
    await pull();
    expect(requests.at(-1)).toBe(`/Qwen/Tiny/resolve/${revision}/model.safetensors from 1500`);
    expect(await files.readText('/cache/models/Qwen--Tiny/model.safetensors')).toBe(contents['model.safetensors']);
  });

  test('starts the file again where the server knows no ranges', async () => {
    const { files, pull } = setUp({ breakAfter: 1500, noRanges: true });
    expect(await codeOf(pull())).toBe('hubUnreachable');
    await pull();
    expect(await files.readText('/cache/models/Qwen--Tiny/model.safetensors')).toBe(contents['model.safetensors']);
  });

  test('with a wrong hash is refused and thrown away', async () => {
    const { files, pull } = setUp({ damage: true });
    expect(await codeOf(pull())).toBe('downloadDamaged');
    expect(await files.list('/cache/models/Qwen--Tiny.partial')).toEqual(['config.json', 'tokenizer.json']);
  });

  test('of a model that is here asks for nothing', async () => {
    const { requests, pull } = setUp();
    await pull();
    const before = requests.length;
    await pull();
    expect(requests.length).toBe(before + 1);
  });
});

describe('the hub', () => {
  test('shows licence and size before anything is fetched', async () => {
    const { hub } = createHub();
    expect(await describeHubModel(hub, 'Qwen/Tiny')).toMatchObject({ licence: 'apache-2.0', totalBytes: 7034, revision });
  });

  test.each([
    ['Qwen', {}, 'hubModelUnsuitable'],
    ['../../etc/passwd', {}, 'hubModelUnsuitable'],
    ['Qwen/Tiny', { status: 404 }, 'hubRefused'],
    ['Qwen/Tiny', { status: 401 }, 'hubRefused'],
  ])('%s with %j: %s', async (repository, faults, code) => {
    expect(await codeOf(describeHubModel(createHub(faults).hub, repository))).toBe(code);
  });

  test('that cannot be reached is named', async () => {
    const hub: Hub = { endpoint: 'https://hub', fetch: () => Promise.reject(new Error('ENOTFOUND')) };
    expect(await codeOf(describeHubModel(hub, 'Qwen/Tiny'))).toBe('hubUnreachable');
  });
});
