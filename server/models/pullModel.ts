// Downloads a model into a folder beside its final one, file by file, each resumable and checked, and renames it at the
// end: a model folder that exists is whole.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { throwIfCancelled } from '../base/cancellation.ts';
import type { Files } from '../base/files.ts';
import type { LargeFiles } from '../base/largeFiles.ts';
import { ModelFolderError } from './errors.ts';
import { partialSuffix, pulledFolder } from './findModel.ts';
import { hashFile } from './hashFile.ts';
import { type Hub, type HubFile, type HubModel, request } from './hub.ts';
import { originFileName } from './modelFolder.ts';

export interface PullOptions {
  readonly hub: Hub;
  readonly files: Files;
  readonly largeFiles: Pick<LargeFiles, 'sizeBytes' | 'readRange'>;
  /** Appends to a file as the chunks come; what arrived before an error stays. */
  readonly append: (path: string, chunks: AsyncIterable<Uint8Array>, onBytes: (bytes: number) => void) => Promise<void>;
  readonly cacheFolder: string;
  readonly onProgress?: (progress: { readonly file: string; readonly doneBytes: number; readonly totalBytes: number }) => void;
  readonly signal?: AbortSignal;
}

/** Returns the model's folder. What was fetched before a failure is kept and used by the next attempt. */
export async function pullModel(model: HubModel, options: PullOptions): Promise<string> {
  const { files, cacheFolder, onProgress, signal } = options;
  const folder = pulledFolder(cacheFolder, model.repository);
  if (await files.stat(folder)) return folder;
  const partial = `${folder}${partialSuffix}`;
  await files.makeFolder(partial);
  let doneBytes = 0;
  for (const file of model.files) {
    throwIfCancelled(signal);
    const report = (bytes: number): void => {
      doneBytes += bytes;
      onProgress?.({ file: file.name, doneBytes, totalBytes: model.totalBytes });
    };
    await pullFile(file, { ...options, model, partial, report });
  }
  const origin = {
    repository: model.repository,
    revision: model.revision,
    licence: model.licence,
    files: Object.fromEntries(model.files.map(({ name, hash }) => [name, `${hash.kind}:${hash.value}`])),
  };
  await files.write(join(partial, originFileName), JSON.stringify(origin, null, 2));
  await files.rename(partial, folder);
  return folder;
}

interface PullFileOptions extends PullOptions {
  readonly model: HubModel;
  readonly partial: string;
  readonly report: (bytes: number) => void;
}

async function pullFile(file: HubFile, { hub, files, largeFiles, append, model, partial, report, signal }: PullFileOptions): Promise<void> {
  const path = join(partial, file.name);
  if (await files.stat(path)) return report(file.sizeBytes);
  // Under the hash, so that another revision's beginning is never continued.
  const begun = `${path}.${file.hash.value.slice(0, 16)}.part`;
  let haveBytes = (await files.stat(begun))?.sizeBytes ?? 0;
  report(haveBytes);
  if (haveBytes < file.sizeBytes || haveBytes === 0) {
    const url = `${hub.endpoint}/${model.repository}/resolve/${model.revision}/${file.name}`;
    const response = await request(hub, url, {
      headers: haveBytes > 0 ? { range: `bytes=${haveBytes}-` } : {},
      accept: haveBytes > 0 ? [200, 206] : [200],
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.status === 200 && haveBytes > 0) {
      // A server without ranges sends everything again.
      await files.remove(begun);
      report(-haveBytes);
      haveBytes = 0;
    }
    try {
      await append(begun, response.body ?? none(), report);
    } catch (cause) {
      throwIfCancelled(signal);
      throw new ModelFolderError({
        code: 'hubUnreachable',
        message: `The download of ${file.name} was interrupted. Run the same command again: it goes on from there.`,
        details: { file: file.name },
        cause,
      });
    }
  }
  await assertWhole(file, begun, { files, largeFiles });
  await files.rename(begun, path);
}

async function assertWhole(file: HubFile, path: string, { files, largeFiles }: Pick<PullOptions, 'files' | 'largeFiles'>): Promise<void> {
  const sizeBytes = (await files.stat(path))?.sizeBytes ?? 0;
  if (sizeBytes < file.sizeBytes) {
    throw new ModelFolderError({
      code: 'hubUnreachable',
      message: `The download of ${file.name} ended early (${sizeBytes} of ${file.sizeBytes} bytes). Run the same command again: it goes on from there.`,
      details: { file: file.name, sizeBytes },
    });
  }
  const found = file.hash.kind === 'sha256' ? await hashFile(largeFiles, path) : gitBlobHash(await files.read(path));
  if (found === file.hash.value) return;
  await files.remove(path);
  throw new ModelFolderError({
    code: 'downloadDamaged',
    message: `${file.name} arrived damaged (its hash is not the one that the hub names) and was deleted. Run the same command again.`,
    details: { file: file.name, expected: file.hash.value, found },
  });
}

/** SHA-1 is what git names blobs by; it guards against accidents here, not against the hub. */
function gitBlobHash(data: Uint8Array): string {
  return createHash('sha1').update(`blob ${data.length}\0`).update(data).digest('hex');
}

async function* none(): AsyncGenerator<Uint8Array> {}
