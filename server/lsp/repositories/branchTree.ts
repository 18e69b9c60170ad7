// A branch's history as the view shows it, from the store's records: what each move came to, in words. Pure.
import type { Branch } from '../../git/commit.ts';
import type { BranchTree, HistoryEntry } from '../../protocol/assistant.ts';
import type { BranchRecord, Move } from '../../store/branchRecord.ts';
import type { Manifest, RejectionReason, SkipReason } from '../../store/version.ts';

export interface TreeSource {
  readonly branches: readonly Branch[];
  readonly checkedOut: string | null;
  readonly records: readonly BranchRecord[];
  readonly modelHash: string;
  readonly manifests: ReadonlyMap<string, Manifest>;
  /** By commit. */
  readonly subjects: ReadonlyMap<string, string>;
  /** Commits of the branch that is checked out that no cycle has dealt with, newest first. */
  readonly waiting: readonly string[];
}

/** The branch that is checked out comes first; branches that git no longer has are left out. */
export function branchTrees(source: TreeSource): BranchTree[] {
  const names = source.branches.map(({ name }) => name);
  const known = names.filter((name) => name === source.checkedOut || source.records.some(({ branch }) => branch === name));
  if (source.checkedOut !== null && !known.includes(source.checkedOut)) known.push(source.checkedOut);
  known.sort((a, b) => Number(b === source.checkedOut) - Number(a === source.checkedOut) || (a < b ? -1 : 1));
  return known.map((name) => branchTree(name, source));
}

function branchTree(name: string, source: TreeSource): BranchTree {
  const line = source.records.find(({ branch }) => branch === name)?.lines[source.modelHash];
  const checkedOut = name === source.checkedOut;
  const active = line?.active ?? null;
  const waiting: HistoryEntry[] =
    checkedOut && source.waiting.length > 0
      ? [{ ...plain, outcome: 'waiting', reason: 'waiting', explanation: 'not learnt yet', commits: commitsOf(source.waiting, source), atMs: 0 }]
      : [];
  return { name, checkedOut, active, parent: line?.parent ?? null, entries: [...waiting, ...entriesOf(line?.history ?? [], active, source)] };
}

const plain = { version: null, active: false, gain: null, tests: null, switchable: false } as const;

/** Newest first. Each version stands once: where it was made, or, made elsewhere, where it first came to serve here. */
function entriesOf(history: readonly Move[], active: string | null, source: TreeSource): HistoryEntry[] {
  const made = new Set(history.flatMap((move) => madeBy(move) ?? []));
  const shown = new Set<string>();
  const entries: HistoryEntry[] = [];
  for (const move of history) {
    if (move.kind === 'create' && move.to === null) continue;
    const own = madeBy(move) ?? (move.to !== null && !made.has(move.to) && !shown.has(move.to) ? move.to : null);
    const version = own !== null && source.manifests.has(own) ? own : null;
    if (own !== null) shown.add(own);
    entries.push(entryOf(move, version, active, source));
  }
  return entries.reverse();
}

function madeBy(move: Move): string | null {
  if (move.kind === 'promote') return move.to;
  return move.kind === 'reject' ? (move.about ?? null) : null;
}

function entryOf(move: Move, version: string | null, active: string | null, source: TreeSource): HistoryEntry {
  const manifest = version === null ? undefined : source.manifests.get(version);
  const { outcome, reason, explanation } = told(move, manifest, source);
  return {
    version,
    outcome,
    reason,
    explanation,
    commits: commitsOf(move.commits ?? (version !== null && outcome !== 'moved' ? (manifest?.commits ?? []) : []), source),
    atMs: move.atMs,
    active: version !== null && version === active,
    gain: manifest?.reward.dense ?? null,
    tests: manifest === undefined ? null : testsOf(manifest),
    switchable: manifest !== undefined && manifest.thinned !== true,
  };
}

function told(move: Move, manifest: Manifest | undefined, source: TreeSource): Pick<HistoryEntry, 'outcome' | 'reason' | 'explanation'> {
  switch (move.kind) {
    case 'promote':
      return { outcome: 'promoted', reason: manifest?.origin ?? 'promoted', explanation: manifest === undefined ? 'its version is no longer there' : promotedBecause[manifest.origin] };
    case 'reject': {
      const why = move.reason ?? 'rejected';
      const { verdict } = manifest ?? {};
      const sentence = verdict?.kind === 'rejected' ? verdict.explanation : (rejectedBecause[why as RejectionReason] ?? why);
      const carried = move.head !== move.commits?.at(-1);
      return { outcome: carried ? 'inconclusive' : 'rejected', reason: why, explanation: carried ? `${sentence}; the commits are learnt together with the next ones` : sentence };
    }
    case 'skip':
      return { outcome: move.reason === 'alreadyKnown' ? 'alreadyKnown' : 'skipped', reason: move.reason ?? 'skipped', explanation: skippedBecause[move.reason as SkipReason] ?? move.reason ?? 'skipped' };
    default:
      return { outcome: 'moved', reason: move.kind, explanation: movedTo(move, source) };
  }
}

function movedTo(move: Move, { manifests }: TreeSource): string {
  const to = move.to === null ? 'the base model' : `version ${move.to.slice(0, 7)}`;
  switch (move.kind) {
    case 'create': {
      const from = manifests.get(move.to ?? '')?.branch;
      return `started from ${to}${from === undefined ? '' : ` of ${from}`}`;
    }
    case 'keep':
      return `${to} was kept by hand`;
    case 'rollBack':
      return `switched to ${to} by hand`;
    case 'reset':
      return `reset to ${to}`;
    case 'fallBack':
      return `fell back to ${to}: ${move.reason ?? 'the version was damaged'}`;
    case 'forget':
      return `commits were forgotten; ${to} serves`;
    default:
      return move.reason ?? `history was rewritten; ${to} serves`;
  }
}

const promotedBecause: Readonly<Record<Manifest['origin'], string>> = {
  wake: 'learnt from these commits',
  sleep: 'derived again from everything that was kept',
  retrain: 'learnt again without the struck pairs',
  import: 'imported',
};

const rejectedBecause: Readonly<Record<RejectionReason, string>> = {
  noGain: 'no gain on held-out probes',
  testsFell: 'fewer tests passed than before',
  forgot: 'older commits were known less well',
  generalLoss: 'other code was known less well',
  tooFewProbes: 'too few held-out probes to tell a gain from chance',
  tooFewPairs: 'too few pairs could be made of these commits',
  unstable: 'a second seed did not confirm the gain',
  placebo: "a control trained on another project's pairs gained as much",
};

export const skippedBecause: Readonly<Record<SkipReason, string>> = {
  alreadyKnown: 'the model knew these lines already',
  nothingToLearn: 'no code that can be learnt was changed',
  allLeftOut: 'every changed file was left out',
  authorNotApproved: 'the author is not approved (setting graft.approvedAuthors)',
  operationInProgress: 'a rebase, merge, cherry-pick or bisect was in progress',
  detachedHead: 'HEAD was detached',
  noCommits: 'there were no commits',
};

/** The verdict of the tests in words, with its counts where there are any. */
export function testsOf({ reward }: Manifest): string {
  const { verdict, informative, before, after } = reward.tests;
  if (verdict === 'notRunnable') return 'not run';
  if (verdict === 'inconclusive') return 'not verified by tests';
  return `${verdict}: ${before} to ${after} passes on ${informative} spans`;
}

function commitsOf(ids: readonly string[], { subjects }: TreeSource): { id: string; subject: string }[] {
  return ids.map((id) => ({ id, subject: subjects.get(id) ?? '' }));
}
