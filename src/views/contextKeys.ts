// Context keys: what the welcome texts and the commands' enablement in package.json ask about. Pure.
import type { RepositoryStatus, RepositoryTree } from '../../server/protocol/assistant.ts';
import type { ServerState } from '../connection/serverState.ts';

/** Which welcome text the empty view shows. */
export type ViewKind = 'off' | 'starting' | 'stopped' | 'untrusted' | 'noRepository' | 'nothingLearnt' | 'filled';

export interface ContextKeys {
  readonly 'graft.serving': boolean;
  readonly 'graft.hasRepository': boolean;
  readonly 'graft.learning': boolean;
  /** Any repository is, so that there is something to resume. */
  readonly 'graft.pausedByUser': boolean;
  /** Any repository is not: with several both are offered. */
  readonly 'graft.canPause': boolean;
  readonly 'graft.stopped': boolean;
  readonly 'graft.view': ViewKind;
}

/** `trees` null: not known (yet); then no welcome text claims anything. */
export function contextKeys(state: ServerState, trees: readonly RepositoryTree[] | null): ContextKeys {
  const status = state.kind === 'running' && state.status.mode !== 'off' ? state.status : null;
  const repositories = status?.mode === 'on' ? status.repositories : [];
  return {
    'graft.serving': status !== null,
    'graft.hasRepository': repositories.length > 0,
    'graft.learning': repositories.some(({ learning }) => learning.kind === 'learning'),
    'graft.pausedByUser': repositories.some(isPausedByUser),
    'graft.canPause': !repositories.every(isPausedByUser),
    'graft.stopped': state.kind === 'stopped',
    'graft.view': viewKind(state, trees),
  };
}

export function isPausedByUser({ learning }: RepositoryStatus): boolean {
  return learning.kind === 'paused' && learning.why === 'byUser';
}

function viewKind(state: ServerState, trees: readonly RepositoryTree[] | null): ViewKind {
  if (state.kind === 'starting' || state.kind === 'recovering') return 'starting';
  if (state.kind !== 'running') return state.kind;
  if (state.status.mode !== 'on') return state.status.mode;
  if (state.status.repositories.length === 0) return 'noRepository';
  return trees === null || trees.some(({ branches }) => branches.some(({ entries }) => entries.length > 0)) ? 'filled' : 'nothingLearnt';
}
