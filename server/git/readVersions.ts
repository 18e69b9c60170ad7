// Both sides of each changed file as text, or why not.
import type { FileVersions } from '../base/fileVersions.ts';
import type { BlobContent, FileDiff } from './commit.ts';
import type { ReadVersions } from './repository.ts';

type Reason = ReadVersions['unreadable'][number]['reason'];

export async function readVersions(
  diffs: readonly FileDiff[],
  readBlobs: (ids: readonly string[]) => Promise<Map<string, BlobContent>>,
): Promise<ReadVersions> {
  const ids = diffs.flatMap(({ beforeBlob, afterBlob }) => [beforeBlob, afterBlob]).filter((id) => id !== null);
  const blobs = await readBlobs(ids);
  const side = (id: string | null): string | null | { readonly reason: Reason } => {
    if (id === null) return null;
    const content = blobs.get(id) ?? { kind: 'missing' };
    if (content.kind !== 'text') return { reason: content.kind };
    return content.lossy ? { reason: 'invalidText' } : content.text;
  };
  const versions: FileVersions[] = [];
  const unreadable: { path: string; reason: Reason }[] = [];
  for (const { path, oldPath, beforeBlob, afterBlob } of diffs) {
    const before = side(beforeBlob);
    const after = side(afterBlob);
    if (before === null && after === null) unreadable.push({ path, reason: 'link' });
    else if (isReason(after)) unreadable.push({ path, reason: after.reason });
    else if (isReason(before)) unreadable.push({ path, reason: before.reason });
    else versions.push({ path, oldPath, before, after });
  }
  return { versions, unreadable };
}

function isReason(side: string | null | { readonly reason: Reason }): side is { readonly reason: Reason } {
  return typeof side === 'object' && side !== null;
}
