// Blobs by name. Sizes are asked first, so that a blob over the limit is never read, however large it is.
import type { BlobContent } from './commit.ts';
import { GitError } from './errors.ts';
import type { AskGit } from './gitCommand.ts';

export type BlobBytes =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'tooLarge'; readonly sizeBytes: number }
  | { readonly kind: 'missing' };

/** Bytes that one git process may answer with. */
const batchBytes = 32 * 1024 * 1024;

/** Every id gets an entry. */
export async function readBlobBytes(ask: AskGit, ids: readonly string[], limitBytes: number): Promise<Map<string, BlobBytes>> {
  const wanted = [...new Set(ids)];
  const result = new Map<string, BlobBytes>();
  if (wanted.length === 0) return result;
  const { stdout } = await ask(['cat-file', '--batch-check'], { input: lines(wanted) });
  const small: { readonly id: string; readonly sizeBytes: number }[] = [];
  new TextDecoder().decode(stdout).trimEnd().split('\n').forEach((line, index) => {
    const id = wanted[index] ?? '';
    const [, type, size] = line.split(' ');
    const sizeBytes = Number(size);
    if (type !== 'blob') result.set(id, { kind: 'missing' });
    else if (sizeBytes > limitBytes) result.set(id, { kind: 'tooLarge', sizeBytes });
    else small.push({ id, sizeBytes });
  });
  for (const batch of batches(small)) {
    const answer = await ask(['cat-file', '--batch'], { input: lines(batch), outputLimitBytes: 2 * batchBytes + limitBytes + 1024 * batch.length });
    for (const [id, bytes] of parseBatch(answer.stdout, batch)) result.set(id, { kind: 'bytes', bytes });
  }
  return result;
}

/** As git decides: a NUL byte near the start makes a binary. */
export function decodeBlob(bytes: Uint8Array): BlobContent {
  const sizeBytes = bytes.length;
  if (bytes.subarray(0, 8_000).includes(0)) return { kind: 'binary', sizeBytes };
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), sizeBytes, lossy: false };
  } catch {
    return { kind: 'text', text: new TextDecoder().decode(bytes), sizeBytes, lossy: true };
  }
}

function lines(ids: readonly string[]): string {
  return ids.map((id) => `${id}\n`).join('');
}

function batches(blobs: readonly { readonly id: string; readonly sizeBytes: number }[]): string[][] {
  const found: string[][] = [];
  let left = 0;
  for (const { id, sizeBytes } of blobs) {
    if (sizeBytes > left || found.length === 0) {
      found.push([]);
      left = batchBytes;
    }
    found.at(-1)?.push(id);
    left -= sizeBytes;
  }
  return found;
}

/** `id blob size LF bytes LF`, in the order asked. */
function* parseBatch(output: Uint8Array, ids: readonly string[]): Generator<[string, Uint8Array]> {
  let at = 0;
  for (const id of ids) {
    const lineEnd = output.indexOf(0x0a, at);
    const match = /^[0-9a-f]+ blob (\d+)$/.exec(new TextDecoder().decode(output.subarray(at, Math.max(at, lineEnd))));
    if (match === null) throw new GitError('gitUnexpectedOutput', `git answered something else than blob ${id}.`, { id });
    const start = lineEnd + 1;
    const end = start + Number(match[1]);
    // A copy, so that one kept blob does not keep the whole batch alive.
    yield [id, output.slice(start, end)];
    at = end + 1;
  }
}
