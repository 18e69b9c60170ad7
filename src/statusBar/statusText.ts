// What the status bar says: state in a few words, and a tooltip with model, device, version and what to do. Pure: (state, file) in, text out.
import type { PauseReason, RepositoryStatus, Status } from '../../server/protocol/assistant.ts';
import { repositoryOf, type ServerState } from '../connection/serverState.ts';
import { countOf, parametersText, shortVersion } from '../words/versionWords.ts';

export interface StatusText {
  /** With codicons, `$(name)`. */
  readonly text: string;
  /** Markdown. */
  readonly tooltip: string;
  /** What a screen reader says: the text in words, without icons. */
  readonly spoken: string;
  readonly severity: 'none' | 'warning' | 'error';
}

export const pausedBecause: Readonly<Record<PauseReason, string>> = {
  byUser: 'paused by you',
  battery: 'paused on battery',
  hours: 'waits for the learning hours',
  budgetSpent: "today's learning budget is spent",
  manual: 'learns on request',
  operationInProgress: 'waits for the git operation',
  detachedHead: 'detached HEAD: not learning',
  noCommits: 'no commits yet',
  diskFull: 'the disk budget is used up',
  memoryShort: 'training needs more memory than the budget allows',
  untilIdle: 'learns when you pause',
};

const phaseWords: Readonly<Record<string, string>> = {
  start: 'starting',
  sleep: 'starting',
  extract: 'reading the changes',
  surprise: 'looking for what is new',
  selfEdits: 'writing pairs',
  train: 'training',
  select: 'choosing',
  secondSeed: 'training again to confirm',
  judge: 'judging on held-out probes',
  tests: 'running tests',
  gates: 'deciding',
  record: 'recording',
};

export function statusText(state: ServerState, activePath: string | null): StatusText {
  switch (state.kind) {
    case 'off':
      return say('circle-slash', 'Graft: off', 'none', ['Graft is off: no process runs. Turn on the setting `graft.enabled`.']);
    case 'starting':
      return say('loading~spin', 'Graft: starting', 'none', ['The language server is starting.']);
    case 'recovering':
      return say('loading~spin', 'Graft: restarting', 'warning', ['The language server stopped and is being started again.']);
    case 'stopped':
      return say('error', 'Graft: stopped', 'error', [state.message, 'Run **Graft: Restart the Language Server**, or **Graft: Show Log**.']);
    case 'running':
      return state.status.mode === 'off' ? statusText({ kind: 'off' }, activePath) : runningText(state.status, repositoryOf(state.status, activePath));
  }
}

function runningText(status: Status, repository: RepositoryStatus | null): StatusText {
  const { model } = status;
  if (model.kind === 'failed') return say('error', 'Graft: model failed', 'error', [model.message]);
  if (model.kind === 'none') return say('warning', 'Graft: no model', 'warning', ['No model is installed. Run **Graft: Choose Model**.']);
  if (model.kind === 'loading') return say('loading~spin', 'Graft: loading the model', 'none', ['The model is being loaded.']);
  const lines = [`Model **${model.name}**, ${parametersText(model.parameters)} parameters, on **${model.device}**`];
  const shown = `${model.name} ${model.device}`;
  if (status.mode === 'untrusted') {
    return say('shield', `${shown}: completions only`, 'none', [...lines, 'This workspace is not trusted: completions only. No git, no learning, no tests.']);
  }
  if (repository === null) return say('mortar-board', shown, 'none', [...lines, 'No git repository is open: completions only, nothing to learn from.']);
  const version = repository.version === null ? 'base' : shortVersion(repository.version);
  lines.push(repository.version === null ? 'Version: the **base model**, nothing learnt is serving' : `Version **${version}**`);
  lines.push(repository.branch === null ? 'No branch is checked out' : `Branch **${escapeMarkdown(repository.branch)}**`);
  return learningText(`${shown} · ${version}`, lines, repository);
}

function learningText(shown: string, lines: readonly string[], { learning }: RepositoryStatus): StatusText {
  switch (learning.kind) {
    case 'off':
      return say('mortar-board', shown, 'none', [...lines, 'Learning is off for this repository.']);
    case 'idle':
      return say('mortar-board', shown, 'none', [...lines, 'Idle: every commit has been dealt with.']);
    case 'learning': {
      const percent = `${Math.round(100 * Math.min(1, Math.max(0, learning.share)))} %`;
      return say('sync~spin', `${shown} · learning ${percent}`, 'none', [...lines, `${workText(learning)}: ${phaseWords[learning.phase] ?? escapeMarkdown(learning.phase)}, ${percent}`]);
    }
    case 'paused':
      return say('debug-pause', `${shown} · ${pausedBecause[learning.why]}`, 'none', [...lines, `Learning: ${pausedBecause[learning.why]}.`]);
    case 'interrupted':
      return say('debug-restart', `${shown} · learning interrupted`, 'warning', [...lines, escapeMarkdown(learning.message)]);
    case 'failed':
      return say('error', `${shown} · learning failed`, 'error', [...lines, escapeMarkdown(learning.message)]);
  }
}

function workText({ work, commits }: Extract<RepositoryStatus['learning'], { kind: 'learning' }>): string {
  if (work === 'sleep') return 'Deriving the version again from everything that was kept';
  if (work === 'retrain') return 'Learning again without the struck pairs';
  return `Learning from ${countOf(commits.length, 'commit', 'commits')}`;
}

function say(icon: string, words: string, severity: StatusText['severity'], lines: readonly string[]): StatusText {
  const spoken = words.startsWith('Graft') ? words : `Graft: ${words}`;
  return { text: `$(${icon}) ${words}`, tooltip: [...lines, 'Click for the menu.'].join('\n\n'), spoken, severity };
}

export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>~$]/g, '\\$&');
}
