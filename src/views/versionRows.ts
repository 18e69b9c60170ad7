// The rows of the view "Versions" from what the server tells: repositories (when several), branches, what came of each commit, the commits.
// The order within a branch is the server's: what waits, then newest first. Pure; `versionsView` hands them to VS Code as they are. A description is
// a few letters, what matters first, because the view is narrow and cuts it; the tooltip and what is spoken have the rest.
import type { BranchTree, HistoryEntry, RepositoryTree } from '../../server/protocol/assistant.ts';
import { escapeMarkdown } from '../statusBar/statusText.ts';
import { gainText, intervalText, shortVersion } from '../words/versionWords.ts';

/** What a row stands for; commands take it as their argument. */
export interface RowTarget {
  readonly folder: string;
  readonly branch?: string;
  readonly version?: string;
  readonly commit?: string;
  /** Of a row that stands for commits without a version. */
  readonly commits?: readonly string[];
}

export interface Row {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Markdown. */
  readonly tooltip: string;
  readonly spoken: string;
  readonly icon: { readonly name: string; readonly color?: string };
  /** Words that the menus' `when` clauses look for. */
  readonly context: string;
  readonly collapsed: 'never' | 'yes' | 'no';
  readonly children: readonly Row[];
  readonly target: RowTarget;
  /** What Enter or a click does. */
  readonly opens?: 'review';
}

export function versionRows(repositories: readonly RepositoryTree[]): Row[] {
  const told = repositories.filter(({ branches }) => branches.some(({ entries }) => entries.length > 0));
  if (told.length === 0) return [];
  const [only] = repositories;
  if (repositories.length === 1 && only !== undefined) return branchRows(only);
  return repositories.map((repository) => ({
    id: repository.folder,
    label: repository.name,
    description: repository.branches.find(({ checkedOut }) => checkedOut)?.name ?? '',
    tooltip: [`**${escapeMarkdown(repository.name)}**`, escapeMarkdown(repository.folder), ...(repository.placebo.tried === 0 ? [] : [placeboText(repository)])].join('\n\n'),
    spoken: `Repository ${repository.name}`,
    icon: { name: 'repo' },
    context: 'repository',
    collapsed: 'no',
    children: branchRows(repository),
    target: { folder: repository.folder },
  }));
}

function branchRows(repository: RepositoryTree): Row[] {
  const order = repository.branches.toSorted((a, b) => Number(b.checkedOut) - Number(a.checkedOut) || a.name.localeCompare(b.name));
  return order.map((branch) => branchRow(repository, branch));
}

function branchRow(repository: RepositoryTree, branch: BranchTree): Row {
  const serving = branch.active === null ? 'base model' : shortVersion(branch.active);
  const words = ['branch', branch.checkedOut && 'checkedOut', branch.active !== null && 'adapted', branch.parent !== null && 'hasParent'];
  const promoted = branch.entries.filter(({ outcome }) => outcome === 'promoted').length;
  return {
    id: `${repository.folder}\0${branch.name}`,
    label: branch.name,
    description: branch.checkedOut ? `${branch.active === null ? 'base' : serving} · checked out` : serving,
    tooltip: [
      `**${escapeMarkdown(branch.name)}**${branch.checkedOut ? ' (checked out)' : ''}`,
      `Serves: ${branch.active === null ? 'the base model' : `version ${serving}`}`,
      `${promoted} learnt of ${branch.entries.length}`,
      ...(branch.parent === null ? [] : [`The version before: ${shortVersion(branch.parent)}`]),
      ...(repository.placebo.tried === 0 ? [] : [placeboText(repository)]),
    ].join('\n\n'),
    spoken: `Branch ${branch.name}${branch.checkedOut ? ', checked out' : ''}, serves ${branch.active === null ? 'the base model' : `version ${serving}`}`,
    icon: branch.checkedOut ? { name: 'git-branch', color: 'charts.green' } : { name: 'git-branch' },
    context: words.filter(Boolean).join(' '),
    collapsed: branch.entries.length === 0 ? 'never' : branch.checkedOut ? 'no' : 'yes',
    children: branch.entries.map((entry, index) => entryRow(repository, branch, entry, index)),
    target: { folder: repository.folder, branch: branch.name },
  };
}

interface OutcomeWords {
  readonly word: string;
  readonly icon: string;
  readonly color?: string;
}

const outcomeWords: Readonly<Record<HistoryEntry['outcome'], OutcomeWords>> = {
  promoted: { word: 'learnt', icon: 'pass', color: 'charts.green' },
  rejected: { word: 'rejected', icon: 'circle-slash', color: 'charts.red' },
  inconclusive: { word: 'inconclusive', icon: 'question', color: 'charts.yellow' },
  alreadyKnown: { word: 'already known', icon: 'check-all' },
  skipped: { word: 'left out', icon: 'debug-step-over' },
  waiting: { word: 'waiting', icon: 'clock', color: 'charts.blue' },
  moved: { word: 'moved', icon: 'arrow-swap' },
};

/** Why a version was refused, in as few letters as tell it; the tooltip has the sentence. */
const refusedBecause: Readonly<Record<string, string>> = {
  noGain: 'no gain',
  testsFell: 'tests fell',
  forgot: 'older forgotten',
  generalLoss: 'other code worse',
  tooFewProbes: 'few probes',
  tooFewPairs: 'few pairs',
  unstable: 'unconfirmed',
  placebo: 'control gained',
};

function stateWords({ outcome, reason }: HistoryEntry, word: string): string {
  const why = outcome === 'rejected' || outcome === 'inconclusive' ? refusedBecause[reason] : undefined;
  return why === undefined ? word : `${word}: ${why}`;
}

function entryRow(repository: RepositoryTree, branch: BranchTree, entry: HistoryEntry, index: number): Row {
  const { word, icon, color } = outcomeWords[entry.outcome];
  const label = entryLabel(entry);
  const version = entry.version === null ? [] : [shortVersion(entry.version)];
  // That a version was learnt, the icon says; that a move was one, its label.
  const state = entry.active ? ['active'] : entry.outcome === 'promoted' || entry.outcome === 'moved' ? [] : [stateWords(entry, word)];
  const description = [...state, ...version, ...(entry.switchable || entry.version === null ? [] : ['no weights'])].join(' · ');
  const target: RowTarget = { folder: repository.folder, branch: branch.name, ...(entry.version === null ? {} : { version: entry.version }) };
  const bare = entry.version === null && entry.commits.length > 0 && entry.outcome !== 'moved';
  const words = ['entry', entry.outcome, entry.version !== null && 'version', bare && 'commits', entry.active && 'active', entry.switchable && !entry.active && 'switchable', branch.checkedOut && 'checkedOut'];
  const id = `${repository.folder}\0${branch.name}\0${entry.version ?? entry.commits.at(-1)?.id ?? ''}\0${entry.atMs}\0${index}`;
  return {
    id,
    label,
    description,
    tooltip: entryTooltip(entry, word),
    spoken: [...(entry.version === null ? [] : ['Version', ...version]), entry.active ? 'active' : word, label, entry.explanation].join(', '),
    icon: entry.active ? { name: 'star-full', color: 'charts.green' } : { name: icon, ...(color === undefined ? {} : { color }) },
    context: words.filter(Boolean).join(' '),
    collapsed: entry.commits.length === 0 ? 'never' : 'yes',
    children: entry.commits.map((commit) => ({
      id: `${id}\0${commit.id}`,
      label: commit.subject,
      description: commit.id.slice(0, 7),
      tooltip: `**${escapeMarkdown(commit.subject)}**\n\nCommit ${commit.id}`,
      spoken: `Commit ${commit.id.slice(0, 7)}: ${commit.subject}`,
      icon: { name: 'git-commit' },
      context: entry.version === null ? 'commit' : 'commit reviewable',
      collapsed: 'never',
      children: [],
      target: { ...target, commit: commit.id },
      ...(entry.version === null ? {} : { opens: 'review' as const }),
    })),
    target: bare ? { ...target, commits: entry.commits.map(({ id: commit }) => commit) } : target,
    ...(entry.version === null ? {} : { opens: 'review' as const }),
  };
}

/** The newest commit's subject stands for all; the commits themselves are the rows below. */
export function entryLabel({ commits, outcome, explanation }: HistoryEntry): string {
  const [first] = commits;
  const last = commits.at(-1);
  if (first === undefined || last === undefined) return explanation;
  if (outcome === 'waiting') return commits.length === 1 ? first.subject : `${commits.length} commits`;
  return commits.length === 1 ? last.subject : `${last.subject} (+${commits.length - 1})`;
}

function entryTooltip(entry: HistoryEntry, word: string): string {
  const { gain } = entry;
  return [
    `**${entry.version === null ? word : `Version ${shortVersion(entry.version)}: ${word}`}**${entry.active ? ' (active)' : ''}`,
    escapeMarkdown(entry.explanation),
    ...(gain === null ? [] : [`Reward ${gainText(gain.gain)} nats per token, ${intervalText(gain.low, gain.high)}`]),
    entry.tests === null ? 'Not verified by tests' : `Tests: ${escapeMarkdown(entry.tests)}`,
    ...entry.commits.map(({ id, subject }) => `$(git-commit) ${escapeMarkdown(subject)} (${id.slice(0, 7)})`),
    ...(entry.version !== null && !entry.switchable ? ['Its weights were dropped to save space: it can be reviewed, not served.'] : []),
  ].join('\n\n');
}

function placeboText({ placebo }: RepositoryTree): string {
  return placebo.tried === 0 ? '' : `placebo promoted ${placebo.promoted} of ${placebo.tried}`;
}
