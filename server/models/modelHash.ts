// A model's identity: SHA-256 over the SHA-256 of config.json, tokenizer.json and every weight file. Adapters are bound to
// it. Hashing gigabytes takes seconds, so each file's hash is kept in the cache folder with its size and time.
import { join } from 'node:path';
import { z } from 'zod';
import type { Files } from '../base/files.ts';
import { sha256 } from '../base/hash.ts';
import type { LargeFiles } from '../base/largeFiles.ts';
import { hashFile } from './hashFile.ts';
import type { ModelFolder } from './modelFolder.ts';

export interface HashOptions {
  readonly files: Files;
  readonly largeFiles: Pick<LargeFiles, 'sizeBytes' | 'readRange' | 'realPath'>;
  readonly cacheFolder: string;
}

export async function hashModel(model: Pick<ModelFolder, 'folder' | 'weightFiles'>, { files, largeFiles, cacheFolder }: HashOptions): Promise<string> {
  const cachePath = join(cacheFolder, 'model-hashes.json');
  const cache = await readCache(files, cachePath);
  const lines: string[] = [];
  const fresh: Record<string, CachedHash> = {};
  for (const name of ['config.json', 'tokenizer.json', ...model.weightFiles]) {
    // The hub's own cache is made of links, whose size and time say nothing of the file.
    const path = await largeFiles.realPath(join(model.folder, name));
    const stat = await files.stat(path);
    const [sizeBytes, modifiedMs] = [stat?.sizeBytes ?? -1, stat?.modifiedMs ?? -1];
    const known = cache[path];
    const trusted = known?.sizeBytes === sizeBytes && known.modifiedMs === modifiedMs;
    const hash = trusted ? known.sha256 : await hashFile(largeFiles, path);
    if (!trusted) fresh[path] = { sizeBytes, modifiedMs, sha256: hash };
    lines.push(`${name} ${hash}\n`);
  }
  if (Object.keys(fresh).length > 0) {
    await files.makeFolder(cacheFolder);
    await files.replace(cachePath, JSON.stringify({ ...cache, ...fresh }, null, 1));
  }
  return sha256(lines.join(''));
}

const cachedHashSchema = z.object({ sizeBytes: z.number(), modifiedMs: z.number(), sha256: z.string() });
type CachedHash = z.output<typeof cachedHashSchema>;

async function readCache(files: Files, path: string): Promise<Record<string, CachedHash>> {
  try {
    return z.record(z.string(), cachedHashSchema).parse(JSON.parse(await files.readText(path)));
  } catch {
    // Missing or damaged: it only saves time.
    return {};
  }
}
