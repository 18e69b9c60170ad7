// `graft learn`: from the state of the repository to verdicts. Everything new on a branch, as one range; many commits (first use, a large
// pull) in steps, within a budget, resumable because each step is recorded when it ends.
import { throwIfCancelled } from '../base/cancellation.ts';
import type { Commit } from '../git/commit.ts';
import type { Repository } from '../git/repository.ts';
import type { ParsedTree } from '../selfEdit/parsedTree.ts';
import { activeVersion } from '../store/activeVersion.ts';
import { learntPatches, waitingCommits } from '../store/branchRecord.ts';
import { lockLearning } from '../store/learningLock.ts';
import { clearProgress, writeProgress } from '../store/progress.ts';
import type { SkipReason } from '../store/version.ts';
import type { CyclePhase, LearningRange, WakeCollaborators } from './collaborators.ts';
import { learning } from './constants.ts';
import type { CycleOutcome } from './cycleOutcome.ts';
import { LearningError } from './errors.ts';
import { openBranch } from './openBranch.ts';
import type { PlaceboUse } from './placebo.ts';
import { followRewrittenHistory } from './rewrittenHistory.ts';
import { wakeCycle } from './wakeCycle.ts';

export interface Learner extends WakeCollaborators {
  readonly repository: Repository;
  /** The source files of a commit, parsed, for what is grounded in them. */
  readonly parseTree: (commit: string) => Promise<ParsedTree>;
}

export interface LearnOptions {
  /** `a..b` (what b has that a has not), or one commit; absent: everything new. */
  readonly range?: string;
  /** Default: the branch that HEAD is on. */
  readonly branch?: string;
  /** Learn only up to this commit. */
  readonly upTo?: string;
  readonly seed: number;
  readonly candidates?: number;
  readonly placebo?: PlaceboUse;
  readonly evenIfKnown?: boolean;
  /** Each commit for itself, however many there are. */
  readonly eachCommit?: boolean;
  readonly budgetMs?: number;
  /** How long to wait for another process that learns. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LearnProgress) => void;
  readonly onOutcome?: (outcome: CycleOutcome) => void;
}

export interface LearnProgress extends CyclePhase {
  /** Steps before this one, and in all. */
  readonly done: number;
  readonly total: number;
  readonly commits: readonly string[];
}

export type LearnResult =
  | { readonly kind: 'learnt'; readonly branch: string; readonly outcomes: readonly CycleOutcome[]; readonly remainingCommits: number; readonly notes: readonly string[] }
  | { readonly kind: 'nothing'; readonly reason: SkipReason; readonly notes: readonly string[] };

export async function learn(learner: Learner, options: LearnOptions): Promise<LearnResult> {
  const { repository, store, model, clock } = learner;
  const at = await placeOf(repository, options);
  if (at.kind === 'nowhere') return { kind: 'nothing', reason: at.reason, notes: [] };
  const held = await lockLearning(store, { ...(options.waitMs === undefined ? {} : { waitMs: options.waitMs }), ...(options.signal ? { signal: options.signal } : {}) });
  try {
    // Only the holder of the lock writes here, so what is there was left by one that was killed.
    await store.files.remove(store.layout.scratch);
    const { branch, head } = at;
    const { creation } = await openBranch({ repository, store, modelHash: model.info.hash, branch, head });
    const waiting = await waitingRange(learner, { branch, head, range: options.range });
    if (!waiting.range) return { kind: 'nothing', reason: 'nothingToLearn', notes: waiting.notes };
    const asked = options.range !== undefined || options.evenIfKnown === true;
    if (!asked && waiting.range.commits.every(({ id }) => waiting.carried.has(id))) {
      return { kind: 'nothing', reason: 'nothingToLearn', notes: [...waiting.notes, 'what is new was judged and waits for a commit that changes code'] };
    }

    const steps = stepsOf(waiting.range, { firstUse: waiting.firstUse, eachCommit: options.eachCommit ?? false, carried: waiting.carried });
    const patchIds = await repository.patchIds(waiting.range.commits.map((commit) => commit.id));
    const budgetMs = options.budgetMs ?? (waiting.firstUse ? learning.firstBudgetMs : Number.POSITIVE_INFINITY);
    const startMs = clock.monotonicMs();
    const outcomes: CycleOutcome[] = [];
    let carried: readonly Commit[] = [];
    let base = waiting.range.base;
    let done = 0;
    for (const commits of steps) {
      throwIfCancelled(options.signal);
      if (done > 0 && clock.monotonicMs() - startMs >= budgetMs) break;
      if (steps.length > 1) await writeProgress(store, 'bulk', { branch, done, total: steps.length, startedMs: clock.nowMs() });
      const whole: LearningRange = { base, commits: [...carried, ...commits], ...(waiting.range.known ? { known: waiting.range.known } : {}) };
      // What waits was judged already. Judged again for a commit that adds no code, it would be asked until chance says yes.
      const fresh = afterWaiting(whole, new Set([...waiting.carried, ...carried.map(({ id }) => id)]));
      const waitsOn = fresh !== null && (await learner.source.extract(fresh, options.signal)).material.versions.length === 0;
      const range = waitsOn ? fresh : whole;
      const outcome = await wakeCycle(
        {
          branch,
          creation,
          range,
          patchIds,
          seed: options.seed,
          lost: held.lost,
          ...(options.candidates === undefined ? {} : { candidates: options.candidates }),
          ...(options.placebo === undefined ? {} : { placebo: options.placebo }),
          ...(options.evenIfKnown === undefined ? {} : { evenIfKnown: options.evenIfKnown }),
          ...(waiting.keepsLearntUpTo === undefined ? {} : { learntUpTo: waiting.keepsLearntUpTo }),
          waitsOn,
        },
        learner,
        {
          onProgress: (phase) => options.onProgress?.({ ...phase, done, total: steps.length, commits: range.commits.map((commit) => commit.id) }),
          ...(options.signal ? { signal: options.signal } : {}),
        },
      );
      outcomes.push(outcome);
      options.onOutcome?.(outcome);
      done++;
      const carries = waitsOn || (outcome.kind === 'rejected' && outcome.carriedOver);
      carried = carries ? whole.commits : [];
      if (!carries) base = whole.commits.at(-1)?.id ?? base;
    }
    if (steps.length > 1) await clearProgress(store, 'bulk');
    const remainingCommits = steps.slice(done).flat().length;
    return { kind: 'learnt', branch, outcomes, remainingCommits, notes: waiting.notes };
  } finally {
    await held.release();
  }
}

type Place = { readonly kind: 'at'; readonly branch: string; readonly head: string } | { readonly kind: 'nowhere'; readonly reason: SkipReason };

async function placeOf(repository: Repository, options: LearnOptions): Promise<Place> {
  const state = await repository.state();
  if (state.kind === 'busy') return { kind: 'nowhere', reason: 'operationInProgress' };
  if (state.kind === 'noCommits') return { kind: 'nowhere', reason: 'noCommits' };
  if (state.kind === 'detached' && options.branch === undefined) return { kind: 'nowhere', reason: 'detachedHead' };
  const branch = options.branch ?? (state.kind === 'onBranch' ? state.branch : '');
  const tip = (await repository.branches()).find(({ name }) => name === branch)?.head ?? (state.kind === 'onBranch' && state.branch === branch ? state.head : undefined);
  if (tip === undefined) throw new LearningError('unknownBranch', `There is no branch "${branch}" in this repository.`, { branch });
  if (options.upTo === undefined) return { kind: 'at', branch, head: tip };
  const head = await repository.commit(options.upTo);
  if (!head) throw new LearningError('unknownCommit', `"${options.upTo}" names no commit of this repository.`, { revision: options.upTo });
  return { kind: 'at', branch, head: head.id };
}

interface WaitingRange {
  readonly range: LearningRange | null;
  readonly firstUse: boolean;
  /** A range that was asked for does not move how far the branch has learnt, unless it goes on from there. */
  readonly keepsLearntUpTo?: string | null;
  /** Commits that were too little for a cycle of their own and wait for the next. */
  readonly carried: ReadonlySet<string>;
  readonly notes: readonly string[];
}

async function waitingRange(learner: Learner, options: { readonly branch: string; readonly head: string; readonly range: string | undefined }): Promise<WaitingRange> {
  const { repository, store, model } = learner;
  const { branch, head } = options;
  const serving = await activeVersion(store, { branch, modelHash: model.info.hash });
  const { line, notices } = serving;
  const carried = waitingCommits(line);
  if (options.range !== undefined) {
    const range = await askedRange(repository, options.range);
    const goesOn = await goesOnFrom(repository, line.learntUpTo, range);
    return { range: range.commits.length === 0 ? null : range, firstUse: false, carried, notes: notices, ...(goesOn ? {} : { keepsLearntUpTo: line.learntUpTo }) };
  }
  const since = await repository.rangeSince(line.learntUpTo, head, { limit: learning.firstCommits, learntPatches: learntPatches(line) });
  switch (since.kind) {
    case 'upToDate':
      return { range: null, firstUse: false, carried, notes: notices };
    case 'rewritten': {
      const followed = await followRewrittenHistory({ repository, store, modelHash: model.info.hash, branch, line, head, range: since, tree: () => learner.parseTree(head) });
      return { range: followed.range, firstUse: false, carried, notes: [...notices, followed.note] };
    }
    case 'forward': {
      const firstUse = line.learntUpTo === null;
      const cut = since.truncated ? [`only the last ${since.commits.length} commits are learnt`] : [];
      return { range: since.commits.length === 0 ? null : { base: since.base, commits: since.commits }, firstUse, carried, notes: [...notices, ...cut] };
    }
  }
}

/** The commits of a range that come after those that wait; null where none waits or none is new. */
function afterWaiting({ commits }: LearningRange, waiting: ReadonlySet<string>): LearningRange | null {
  const firstNew = commits.findIndex(({ id }) => !waiting.has(id));
  const before = commits[firstNew - 1];
  return before === undefined ? null : { base: before.id, commits: commits.slice(firstNew) };
}

async function askedRange(repository: Repository, text: string): Promise<LearningRange> {
  const [from, to] = text.includes('..') ? text.split(/\.{2,3}/, 2) : [undefined, text];
  const head = await repository.commit(to === undefined || to === '' ? 'HEAD' : to);
  if (!head) throw new LearningError('unknownCommit', `"${to}" names no commit of this repository.`, { revision: to });
  if (from === undefined) return { base: head.parents[0] ?? null, commits: [head] };
  const base = await repository.commit(from === '' ? 'HEAD' : from);
  if (!base) throw new LearningError('unknownCommit', `"${from}" names no commit of this repository.`, { revision: from });
  const commits = (await repository.log({ to: head.id, except: [base.id], firstParent: true })).reverse();
  return { base: commits[0]?.parents[0] ?? base.id, commits };
}

/** True where the range leaves no gap after what was learnt and ends beyond it. */
async function goesOnFrom(repository: Repository, learntUpTo: string | null, { base, commits }: LearningRange): Promise<boolean> {
  const last = commits.at(-1)?.id;
  if (last === undefined || learntUpTo === null) return last !== undefined && base === null;
  const reaches = async (ancestor: string, descendant: string): Promise<boolean> =>
    ancestor === descendant || ((await repository.commit(ancestor)) !== null && (await repository.isAncestor({ ancestor, descendant })));
  return last !== learntUpTo && (await reaches(learntUpTo, last)) && (base === null || (await reaches(base, learntUpTo)));
}

/** A few new commits are one range, those that waited first; many are cut into steps, so that each cycle still knows which code it is about. */
export function stepsOf(
  range: LearningRange,
  options: { readonly firstUse: boolean; readonly eachCommit: boolean; readonly carried?: ReadonlySet<string> },
): readonly (readonly Commit[])[] {
  const { commits } = range;
  if (!options.eachCommit && !options.firstUse && commits.length <= learning.coalescedCommits) return [commits];
  const size = options.eachCommit ? 1 : Math.ceil(commits.length / Math.min(commits.length, learning.bulkCycles));
  const firstNew = commits.findIndex((commit) => !options.carried?.has(commit.id));
  if (firstNew < 0) return [commits];
  const first = firstNew + size;
  const rest = Array.from({ length: Math.ceil((commits.length - first) / size) }, (_, i) => commits.slice(first + i * size, first + (i + 1) * size));
  return [commits.slice(0, first), ...rest];
}
