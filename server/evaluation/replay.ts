// Replays a history: before each commit is learnt, its new lines are asked of the base, of the version that has learnt the commits
// before it, and of an adapter of another repository. Selection and judgement of versions never see these items.
import type { AdapterHandle } from '../base/prompt.ts';
import type { Clock } from '../base/clock.ts';
import type { FileVersions } from '../base/fileVersions.ts';
import type { Commit } from '../git/commit.ts';
import type { PromptTools } from '../syntax/promptContext.ts';
import type { RewardRecord, TrainingLine } from '../store/version.ts';
import { logLikelihoodsOf, measureItems, type ItemFigure, type ItemModel } from './measureItems.ts';
import { nextCommitItems, type NextCommitItem } from './nextCommitItems.ts';
import type { Compared, Replay, ReplayItem, ReplayStep, VersionRow } from './replayResult.ts';
import { horizon, nextGain, summariseItems, type FreshMeasurement } from './summarise.ts';

/** What one wake cycle on one commit left behind. */
export interface LearntCommit {
  readonly id: string | null;
  readonly promoted: boolean;
  readonly reason: VersionRow['reason'];
  readonly explanation: string | null;
  readonly waits: boolean;
  readonly pairs: ReplayStep['pairs'];
  readonly modelWrittenPairs: number;
  readonly share: number | null;
  readonly reward: RewardRecord | null;
  readonly training: readonly TrainingLine[];
  readonly candidate: string;
  readonly leftOut: ReplayStep['leftOut'];
  readonly phases: Readonly<Record<string, number>>;
  readonly placebo: { readonly tried: boolean; readonly promoted: boolean };
  /** The version that serves from now on. */
  readonly active: AdapterHandle;
  /** The best candidate, promoted or rejected; undefined: there was none. */
  readonly best: AdapterHandle | undefined;
}

export interface ReplayCollaborators {
  readonly model: ItemModel;
  readonly tools: PromptTools;
  readonly supports: (path: string) => boolean;
  readonly clock: Clock;
  /** Commits in the order in which they are learnt, each with its branch. */
  readonly commits: readonly { readonly branch: string; readonly commit: Commit }[];
  /** What the filters let through of a commit, both sides. */
  readonly changedFiles: (commit: Commit) => Promise<readonly FileVersions[]>;
  readonly parentFiles: (commit: Commit) => Promise<ReadonlyMap<string, string>>;
  /** The version that serves a branch at a commit's parent, before the commit is learnt. */
  readonly activeFor: (branch: string, commit: Commit) => Promise<AdapterHandle>;
  readonly learn: (branch: string, commit: Commit) => Promise<LearntCommit>;
  /** An adapter of another repository, trained in the same way. */
  readonly otherRepository: () => Promise<AdapterHandle>;
  readonly onStep?: (step: ReplayStep) => void;
}

export interface ReplayOptions {
  readonly repository: string;
  readonly seed: number;
  readonly itemsPerCommit: number;
}

export async function replay(collaborators: ReplayCollaborators, options: ReplayOptions): Promise<Replay> {
  const { model, clock } = collaborators;
  const startedMs = clock.monotonicMs();
  const measured: { step: Omit<ReplayStep, 'items'>; items: NextCommitItem[]; base: ItemFigure[]; adapted: ItemFigure[] }[] = [];
  const fresh: FreshMeasurement[] = [];
  const placebo = { tried: 0, promoted: 0 };
  /** Per branch: what the last cycles made, the newest first, to be judged on the items of commits after them. */
  const made = new Map<string, readonly Made[]>();

  for (const { branch, commit } of collaborators.commits) {
    const items = await itemsOf(collaborators, options, commit);
    const active = await collaborators.activeFor(branch, commit);
    const base = await measureItems(model, items, null);
    const adapted = active === null ? base : await measureItems(model, items, active);

    const recent = made.get(branch) ?? [];
    const known = new Map<AdapterHandle, readonly number[]>([[null, likelihoodsIn(base)], [active, likelihoodsIn(adapted)]]);
    const likelihoods = async (adapter: AdapterHandle): Promise<readonly number[]> => {
      const values = known.get(adapter) ?? (await logLikelihoodsOf(model, items, adapter));
      known.set(adapter, values);
      return values;
    };
    for (const [index, each] of recent.entries()) {
      if (each.learnt.best !== undefined && items.length > 0) fresh.push(await freshGainOf(items, each, index + 1, likelihoods));
    }

    const cycleStartMs = clock.monotonicMs();
    const learnt = await collaborators.learn(branch, commit);
    const row: VersionRow = {
      commit: commit.id,
      id: learnt.id,
      promoted: learnt.promoted,
      reason: learnt.reason,
      explanation: learnt.explanation,
      waits: learnt.waits,
      pairs: learnt.pairs.length,
      modelWrittenPairs: learnt.modelWrittenPairs,
      share: learnt.share,
      seconds: (clock.monotonicMs() - cycleStartMs) / 1000,
      reward: learnt.reward,
    };
    if (learnt.placebo.tried) placebo.tried++;
    if (learnt.placebo.promoted) placebo.promoted++;
    made.set(branch, [{ learnt, before: active, commit: commit.id }, ...recent].slice(0, horizon));
    const step = { branch, commit: commit.id, subject: commit.subject, row, ...detailsOf(learnt) };
    measured.push({ step, items, base, adapted });
    collaborators.onStep?.({ ...step, items: [] });
  }

  // The control is trained last: only now is it known how much the adapted versions were taught.
  const other = await collaborators.otherRepository();
  const steps: ReplayStep[] = [];
  for (const { step, items, base, adapted } of measured) {
    const control = await measureItems(model, items, other);
    steps.push({ ...step, items: items.map((item, i) => replayItem(item, base[i], adapted[i], control[i])) });
  }
  return {
    summary: {
      repository: options.repository,
      commits: collaborators.commits.length,
      versions: steps.map(({ row }) => ({ ...row, next: nextGain(fresh.find(({ commit, after }) => commit === row.commit && after === 1)) })),
      placebo,
      nextCommit: summariseItems(steps, fresh, options.seed),
      seconds: (clock.monotonicMs() - startedMs) / 1000,
    },
    steps,
    notes: [],
  };
}

async function itemsOf(collaborators: ReplayCollaborators, options: ReplayOptions, commit: Commit): Promise<NextCommitItem[]> {
  // A root commit has no state before it: nothing could be known.
  if (commit.parents.length === 0) return [];
  const [versions, parentFiles] = await Promise.all([collaborators.changedFiles(commit), collaborators.parentFiles(commit)]);
  return nextCommitItems(
    {
      repository: options.repository,
      commit: commit.id,
      versions,
      parentFiles,
      supports: collaborators.supports,
      seed: options.seed,
      limit: options.itemsPerCommit,
    },
    collaborators.tools,
  );
}

interface Made {
  readonly learnt: LearntCommit;
  readonly before: AdapterHandle;
  readonly commit: string;
}

async function freshGainOf(
  items: readonly NextCommitItem[],
  { learnt, before, commit }: Made,
  after: number,
  logLikelihoods: (adapter: AdapterHandle) => Promise<readonly number[]>,
): Promise<FreshMeasurement> {
  const was = await logLikelihoods(before);
  const is = await logLikelihoods(learnt.best ?? null);
  return {
    promoted: learnt.promoted,
    commit,
    after,
    differences: items.map((item, i) => ({
      id: `${commit} ${item.id}`,
      cluster: `${item.commit}:${item.path}`,
      value: (is[i] ?? 0) - (was[i] ?? 0),
    })),
  };
}

function likelihoodsIn(measured: readonly ItemFigure[]): readonly number[] {
  return measured.map(({ logLikelihood }) => logLikelihood);
}

function detailsOf(learnt: LearntCommit): Pick<ReplayStep, 'training' | 'candidate' | 'leftOut' | 'pairs' | 'phases'> {
  return { training: learnt.training, candidate: learnt.candidate, leftOut: learnt.leftOut, pairs: learnt.pairs, phases: learnt.phases };
}

function replayItem(item: NextCommitItem, base?: ItemFigure, adapted?: ItemFigure, other?: ItemFigure): ReplayItem {
  const read = <T>(field: (figure: ItemFigure) => T, missing: T): Compared<T> => ({
    base: base === undefined ? missing : field(base),
    adapted: adapted === undefined ? missing : field(adapted),
    otherRepository: other === undefined ? missing : field(other),
  });
  return {
    id: item.id,
    path: item.path,
    typed: item.prompt.prefix.slice(item.prompt.prefix.lastIndexOf('\n') + 1),
    answer: item.answer,
    logLikelihood: read((figure) => figure.logLikelihood, 0),
    exact: read((figure) => figure.exact, false),
    editSimilarity: read((figure) => figure.editSimilarity, 0),
    completion: read((figure) => figure.completion, ''),
  };
}
