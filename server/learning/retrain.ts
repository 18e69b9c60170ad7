// "Retrain": a version's commits are learnt again from its parent, without the pairs that the user struck out and with the answers that
// the user wrote; one that a sleep derived is derived again from the base. If the result is rejected, the version that served goes on serving.
import type { Commit } from '../git/commit.ts';
import type { Repository } from '../git/repository.ts';
import { activeVersion } from '../store/activeVersion.ts';
import { lockLearning } from '../store/learningLock.ts';
import { readEdited } from '../store/editedPairs.ts';
import { readStruck } from '../store/struckPairs.ts';
import type { Manifest } from '../store/version.ts';
import { readVersion } from '../store/versionFolder.ts';
import type { CycleOptions } from './collaborators.ts';
import type { CycleOutcome } from './cycleOutcome.ts';
import { LearningError } from './errors.ts';
import type { Learner } from './learn.ts';
import { openBranch } from './openBranch.ts';
import { isDerived, rederive } from './rederive.ts';
import { wakeCycle } from './wakeCycle.ts';

export interface RetrainRequest {
  readonly version: string;
  readonly seed: number;
  /** Something was changed that this version's pairs do not show: a struck pair was restored. */
  readonly changed?: boolean;
}

export async function retrain(learner: Learner, request: RetrainRequest, options: CycleOptions = {}): Promise<CycleOutcome> {
  const { repository, store, model } = learner;
  const { manifest, pairs } = await readVersion(store, request.version);
  const struck = await readStruck(store);
  const edited = await readEdited(store);
  if (!request.changed && !pairs.some((pair) => struck.has(pair.id) || edited.has(pair.id))) {
    throw new LearningError('nothingStruck', `No pair of version ${manifest.id} is struck out or edited.`, { version: manifest.id });
  }
  const { branch } = manifest;
  const serving = await activeVersion(store, { branch, modelHash: model.info.hash });
  const active = serving.manifest?.id ?? null;
  if (active !== manifest.id && active !== manifest.parent) {
    throw new LearningError('noVersion', `Branch "${branch}" has moved on from version ${manifest.id}. Roll back to it, then retrain.`, { version: manifest.id, active });
  }
  const held = await lockLearning(store, options.signal ? { signal: options.signal } : {});
  try {
    if (isDerived(manifest)) {
      const outcome = await rederive(learner, { branch, seed: request.seed, instead: manifest, lost: held.lost }, options);
      if (outcome.kind === 'skipped') throw new LearningError('noVersion', `Version ${manifest.id} cannot be derived again: too few of its probes are left to judge it by.`, { version: manifest.id });
      return outcome;
    }
    const commits = await commitsOf(repository, manifest);
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

async function commitsOf(repository: Repository, { id: version, commits }: Manifest): Promise<Commit[]> {
  const found: Commit[] = [];
  for (const id of commits) {
    const commit = await repository.commit(id);
    if (!commit) throw new LearningError('unknownCommit', `Commit ${id} of version ${version} is gone; learn the branch again instead.`, { commit: id });
    found.push(commit);
  }
  return found;
}
