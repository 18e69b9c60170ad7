// What the front end knows about the language server. One value from which status bar, view and context keys are drawn.
import type { Status } from '../../server/protocol/assistant.ts';
import { isWithin } from '../../server/protocol/paths.ts';

export type ServerState =
  /** `graft.enabled` is false: there is no process. */
  | { readonly kind: 'off' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly status: Status }
  /** It died and is being started again. */
  | { readonly kind: 'recovering' }
  /** It died too often, or never started; the message says what to do. */
  | { readonly kind: 'stopped'; readonly message: string };

/** The repository that a file belongs to: the deepest folder that contains it; without a file, the first. */
export function repositoryOf(status: Status, path: string | null): Status['repositories'][number] | null {
  const inside = status.repositories.filter(({ folder }) => path !== null && isWithin(path, folder));
  const deepest = inside.toSorted((a, b) => b.folder.length - a.folder.length)[0];
  return deepest ?? status.repositories[0] ?? null;
}
