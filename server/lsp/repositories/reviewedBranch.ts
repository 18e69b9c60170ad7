// The branch that a review is about: its buttons move that one. A version made on main also serves each branch that started from it.
import { lineOf, readBranch } from '../../store/branchFile.ts';
import { listManifests } from '../../store/listManifests.ts';
import type { StoreAccess } from '../../store/storeAccess.ts';
import type { Manifest } from '../../store/version.ts';

export async function reviewedBranch(store: StoreAccess, manifest: Manifest, { asked, checkedOut }: { readonly asked: string | undefined; readonly checkedOut: string | null }): Promise<string> {
  if (asked !== undefined) return asked;
  return checkedOut !== null && (await isInLine(store, checkedOut, manifest)) ? checkedOut : manifest.branch;
}

/** True where the version serves or served the branch, was refused there, or is one that the active version grew from. */
async function isInLine(store: StoreAccess, branch: string, { id, model }: Manifest): Promise<boolean> {
  const { active, history } = lineOf(await readBranch(store, branch), model.hash);
  if (history.some((move) => move.to === id || move.from === id || move.about === id)) return true;
  const parents = new Map((await listManifests(store)).map((each) => [each.id, each.parent]));
  const seen = new Set<string>();
  for (let at = active; at !== null && !seen.has(at); at = parents.get(at) ?? null) {
    if (at === id) return true;
    seen.add(at);
  }
  return false;
}
