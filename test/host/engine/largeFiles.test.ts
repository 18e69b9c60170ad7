// Ranges and streamed writes on the real file system: exact, atomic, links followed.
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeLargeFiles } from '../../../server/host/nodeLargeFiles.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graft-large-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('large files', () => {
  it('are read by exact ranges', async () => {
    await writeFile(join(folder, 'a'), Uint8Array.of(1, 2, 3, 4, 5));
    expect(await nodeLargeFiles.readRange(join(folder, 'a'), 1, 3)).toEqual(Uint8Array.of(2, 3, 4));
    await expect(nodeLargeFiles.readRange(join(folder, 'a'), 3, 3)).rejects.toThrow(/ends before byte 6/);
  });

  it('have the size and the place of what their links lead to', async () => {
    await writeFile(join(folder, 'blob'), 'weights');
    await symlink(join(folder, 'blob'), join(folder, 'link'));
    expect(await nodeLargeFiles.sizeBytes(join(folder, 'link'))).toBe(7);
    expect(await nodeLargeFiles.realPath(join(folder, 'link'))).toBe(await nodeLargeFiles.realPath(join(folder, 'blob')));
    expect(await nodeLargeFiles.sizeBytes(join(folder, 'none'))).toBeUndefined();
  });

  it('are replaced whole, in a folder that is made', async () => {
    const path = join(folder, 'new', 'cache');
    await nodeLargeFiles.replaceStreamed(path, chunks('one ', 'two'));
    expect(await readFile(path, 'utf8')).toBe('one two');
  });

  it('stay as they were, with nothing beside them, when the stream fails', async () => {
    const path = join(folder, 'cache');
    await writeFile(path, 'old');
    await expect(nodeLargeFiles.replaceStreamed(path, failing())).rejects.toThrow('source is gone');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['cache']);
  });
});

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield* chunks('half');
  throw new Error('source is gone');
}
