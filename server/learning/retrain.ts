// "Retrain": a version's commits are learnt again from its parent, without the pairs that the user struck out and with the answers that
// the user wrote; one that a sleep derived is derived again from the base. If the result is rejected, the version that served goes on serving.
// What the user changed is stored once nothing stands against it: it holds for the whole repository, also where retraining is refused.
import type { Commit } from '../git/commit.ts';
import type { Repository } from '../git/repository.ts';
import { activeVersion } from '../store/activeVersion.ts';
import { lockLearning } from '../store/learningLock.ts';
import type { Pair } from '../selfEdit/pair.ts';
import { editPairs, readEdited, type PairEdit } from '../store/editedPairs.ts';
import type { StoreAccess } from '../store/storeAccess.ts';
import { readStruck, strikePairs } from '../store/struckPairs.ts';
import type { Manifest } from '../store/version.ts';
import { readVersion } from '../store/versionFolder.ts';
import type { CycleOptions } from './collaborators.ts';
import type { CycleOutcome } from './cycleOutcome.ts';
import { LearningError } from './errors.ts';
import type { Learner } from './learn.ts';
import { openBranch } from './openBranch.ts';
import { isDerived, rederive } from './rederive.ts';
import { readPairs } from './storedItems.ts';
import { withAnswer } from './usersAnswers.ts';
import { wakeCycle } from './wakeCycle.ts';

export interface RetrainRequest {
  readonly version: string;
  readonly seed: number;
  /** Changes that are stored first, beside those that were stored before. */
  readonly strike?: readonly string[];
  readonly restore?: readonly string[];
  readonly edits?: readonly { readonly pair: string; readonly answer: string }[];
}

/** Why a version is not retrained where `active` serves its branch, as a message for the user; null: nothing stands against it. */
export function whyNotRetrained({ id, branch, parent }: Pick<Manifest, 'id' | 'branch' | 'parent'>, active: string | null): string | null {
  return active === id || active === parent ? null : `Branch "${branch}" has moved on from version ${id}. Roll back to it, then retrain.`;
}

/** True where pairs of the version are struck out or edited since: retraining without further changes makes a difference. */
export async function changesWait(store: StoreAccess, pairs: readonly { readonly id: string }[]): Promise<boolean> {
  const [struck, edited] = [await readStruck(store), await readEdited(store)];
  return pairs.some(({ id }) => struck.has(id) || edited.has(id));
}

export async function retrain(learner: Learner, request: RetrainRequest, options: CycleOptions = {}): Promise<CycleOutcome> {
  const { repository, store, model } = learner;
  const { manifest, pairs } = await readVersion(store, request.version);
  const { strike = [], restore = [], edits = [] } = request;
  const answered = pairEdits(readPairs(pairs), edits);
  const changes = restore.length > 0 || answered.length > 0 || pairs.some(({ id }) => strike.includes(id));
  if (!changes && !(await changesWait(store, pairs))) {
    throw new LearningError('nothingStruck', `No pair of version ${manifest.id} is struck out or edited.`, { version: manifest.id });
  }
  const { branch } = manifest;
  const serving = await activeVersion(store, { branch, modelHash: model.info.hash });
  const active = serving.manifest?.id ?? null;
  const why = whyNotRetrained(manifest, active);
  if (why !== null) throw new LearningError('noVersion', why, { version: manifest.id, active });
  const commits = isDerived(manifest) ? [] : await commitsOf(repository, manifest);
  const held = await lockLearning(store, options.signal ? { signal: options.signal } : {});
  try {
    if (strike.length > 0 || restore.length > 0) await strikePairs(store, { strike, restore });
    if (answered.length > 0) await editPairs(store, answered);
    if (isDerived(manifest)) {
      const outcome = await rederive(learner, { branch, seed: request.seed, instead: manifest, lost: held.lost }, options);
      if (outcome.kind === 'skipped') throw new LearningError('noVersion', `Version ${manifest.id} cannot be derived again: too few of its probes are left to judge it by.`, { version: manifest.id });
      return outcome;
    }
    const { creation } = await openBranch({ repository, store, modelHash: model.info.hash, branch, head: manifest.head });
    return await wakeCycle(
      {
        branch,
        creation,
        range: { base: commits[0]?.parents[0] ?? null, commits },
        seed: request.seed,
        startFrom: manifest.parent,
        learntUpTo: serving.line.learntUpTo,
        evenIfKnown: true,
        origin: 'retrain',
        placebo: 'never',
        lost: held.lost,
      },
      learner,
      options,
    );
  } finally {
    await held.release();
  }
}

/** Those of pairs that the version has. */
function pairEdits(pairs: readonly Pair[], edits: readonly { readonly pair: string; readonly answer: string }[]): PairEdit[] {
  return edits.flatMap(({ pair: id, answer }) => {
    const pair = pairs.find((each) => each.id === id);
    return pair === undefined ? [] : [{ pair: id, answer, becomes: withAnswer(pair, answer).id }];
  });
}

async function commitsOf(repository: Repository, { id: version, commits }: Manifest): Promise<Commit[]> {
  const found: Commit[] = [];
  for (const id of commits) {
    const commit = await repository.commit(id);
    if (!commit) throw new LearningError('unknownCommit', `Commit ${id} of version ${version} is gone; learn the branch again instead.`, { commit: id });
    found.push(commit);
  }
  return found;
}
