// Joins a workspace to the evaluation's replay: what `npm run demo` and `graft eval` run. Versions go to the workspace's own store,
// which callers put outside the repository, so that a replay never touches what the user has learnt.
import type { AdapterHandle } from './base/prompt.ts';
import { present } from './base/assert.ts';
import type { FileVersions } from './base/fileVersions.ts';
import { otherRepositorySteps, trainOtherRepository, type TaughtStep } from './evaluation/otherRepository.ts';
import { replay, type LearntCommit } from './evaluation/replay.ts';
import type { Replay, ReplayStep } from './evaluation/replayResult.ts';
import type { Commit } from './git/commit.ts';
import { readTexts } from './git/readTexts.ts';
import { systemClock } from './host/systemClock.ts';
import type { CycleOutcome } from './learning/cycleOutcome.ts';
import { learn, type LearnProgress } from './learning/learn.ts';
import { openBranch } from './learning/openBranch.ts';
import type { PlaceboUse } from './learning/placebo.ts';
import { foreignCode } from './learning/foreignCode.ts';
import { activeVersion } from './store/activeVersion.ts';
import { createBranch } from './store/movePointer.ts';
import type { SkipReason } from './store/version.ts';
import { readVersion, versionFolder } from './store/versionFolder.ts';
import type { Workspace } from './openWorkspace.ts';

export interface ReplayRequest {
  readonly name: string;
  /** Oldest first per branch; a branch that leaves another comes after the commit it leaves at. */
  readonly commits: readonly { readonly branch: string; readonly commit: Commit }[];
  readonly seed: number;
  readonly itemsPerCommit: number;
  readonly candidates?: number;
  readonly placebo?: PlaceboUse;
  readonly onStep?: (step: ReplayStep) => void;
  readonly onProgress?: (progress: LearnProgress) => void;
  readonly signal?: AbortSignal;
}

export async function replayWorkspace(workspace: Workspace, request: ReplayRequest): Promise<Replay> {
  const { learner, store, repository, syntax, tools } = workspace;
  const { model } = workspace.opened;
  const modelHash = model.info.hash;
  const loaded = new Map<string, string>();
  const taught: TaughtStep[] = [];

  const adapterOf = async (version: string | null): Promise<AdapterHandle> => {
    if (version === null) return null;
    const known = loaded.get(version);
    if (known !== undefined) return known;
    const handle = await model.loadAdapter(versionFolder(store, version));
    loaded.set(version, handle);
    return handle;
  };
  const active = async (branch: string): Promise<AdapterHandle> =>
    adapterOf((await activeVersion(store, { branch, modelHash })).manifest?.id ?? null);

  // What came before the first commit counts as dealt with: otherwise its first use would learn the history behind it.
  const [first] = request.commits;
  const before = first?.commit.parents[0];
  if (first !== undefined && before !== undefined) {
    const creation = (await repository.branchCreation(first.branch)) ?? { commit: null, timeSeconds: null };
    await createBranch(store, { branch: first.branch, modelHash, creation, from: { version: null, learntUpTo: before } });
  }

  const changedFiles = async (commit: Commit): Promise<readonly FileVersions[]> => {
    const { material } = await learner.source.extract({ base: commit.parents[0] ?? null, commits: [commit] });
    return material.versions;
  };
  const parentFiles = async (commit: Commit): Promise<ReadonlyMap<string, string>> => {
    const parent = commit.parents[0];
    return parent === undefined ? new Map() : readTexts(repository, parent, (path) => syntax.supports(path));
  };

  return replay(
    {
      model,
      tools,
      clock: systemClock,
      supports: (path) => syntax.supports(path),
      commits: request.commits,
      changedFiles,
      parentFiles,
      async activeFor(branch, commit) {
        const head = commit.parents[0];
        if (head === undefined) return null;
        await openBranch({ repository, store, modelHash, branch, head });
        return active(branch);
      },
      async learn(branch, commit) {
        const result = await learn(learner, {
          branch,
          upTo: commit.id,
          seed: request.seed,
          placebo: request.placebo ?? 'sample',
          ...(request.candidates === undefined ? {} : { candidates: request.candidates }),
          ...(request.onProgress ? { onProgress: request.onProgress } : {}),
          ...(request.signal ? { signal: request.signal } : {}),
        });
        if (result.kind === 'nothing') return nothingLearnt(result.reason, await active(branch));
        const outcome = present(result.outcomes.at(-1), 'outcome');
        const version = outcome.kind === 'skipped' ? null : outcome.version;
        const contents = version === null ? null : await readVersion(store, version.id);
        if (outcome.kind === 'promoted') {
          const { pairs, recipe, seed, share, shrunkTo } = outcome.version;
          taught.push({ pairs: pairs.structural + pairs.model + pairs.replay, recipe, seed, share, shrunkTo });
        }
        return learntFrom(outcome, contents, await active(branch), version === null ? undefined : await adapterOf(version.id));
      },
      otherRepository: () => trainOtherRepository(model, otherRepositorySteps(foreignCode().placeboPairs, taught, request.seed)),
      ...(request.onStep ? { onStep: request.onStep } : {}),
    },
    { repository: request.name, seed: request.seed, itemsPerCommit: request.itemsPerCommit },
  );
}

function learntFrom(outcome: CycleOutcome, contents: Awaited<ReturnType<typeof readVersion>> | null, active: AdapterHandle, best: AdapterHandle | undefined): LearntCommit {
  const manifest = contents?.manifest;
  return {
    id: manifest?.id ?? null,
    promoted: outcome.kind === 'promoted',
    reason: outcome.kind === 'promoted' ? 'promoted' : outcome.reason,
    explanation: outcome.kind === 'rejected' ? outcome.explanation : null,
    waits: outcome.kind === 'rejected' && outcome.carriedOver,
    pairs: (contents?.pairs ?? []).map((pair) => ({
      form: String(pair['form']),
      declaration: String(pair['declaration']),
      writtenBy: String(pair['writtenBy']),
      answer: answerOf(pair['example']),
    })),
    modelWrittenPairs: manifest?.pairs.model ?? 0,
    share: manifest?.share ?? null,
    reward: manifest?.reward ?? null,
    training: contents?.training ?? [],
    candidate: manifest?.candidate ?? '',
    leftOut: outcome.cycle.leftOut,
    phases: outcome.cycle.seconds,
    placebo: manifest?.placebo ?? { tried: false, promoted: false },
    active,
    best,
  };
}

function nothingLearnt(reason: SkipReason, active: AdapterHandle): LearntCommit {
  return {
    id: null, promoted: false, reason, explanation: null, waits: false, pairs: [], modelWrittenPairs: 0, share: null, reward: null, training: [], candidate: '', leftOut: [], phases: {},
    placebo: { tried: false, promoted: false }, active, best: undefined,
  };
}

function answerOf(example: unknown): string {
  return typeof example === 'object' && example !== null && 'answer' in example ? String(example.answer) : '';
}
