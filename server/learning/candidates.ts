// Candidates of one cycle: candidate 0 from the syntax tree, the others also written by the model, each with replay of what was learnt before.
// Invariant: no candidate is returned with a pair that shows a probe or span.
import { assert } from '../base/assert.ts';
import type { AdapterHandle, TrainCandidate } from '../base/prompt.ts';
import type { Random } from '../base/random.ts';
import { augmented } from '../selfEdit/augment.ts';
import type { CommitMaterial } from '../selfEdit/commitMaterial.ts';
import type { Pair, SelfEdit } from '../selfEdit/pair.ts';
import { formatRecipe } from '../selfEdit/recipe.ts';
import type { StoredPair } from '../selfEdit/selectReplay.ts';
import type { Editors, LearningRange } from './collaborators.ts';
import { learning } from './constants.ts';
import { asAnswered } from './usersAnswers.ts';

export interface Candidate {
  readonly name: string;
  readonly selfEdit: SelfEdit;
  readonly replay: readonly Pair[];
}

export interface CandidateRequest {
  readonly material: CommitMaterial;
  readonly editors: Editors;
  readonly policy: AdapterHandle;
  readonly older: readonly StoredPair[];
  readonly struck: ReadonlySet<string>;
  /** The user's own answers, by the id of the pair they are for. */
  readonly edited: ReadonlyMap<string, string>;
  readonly count: number;
  /** Of one candidate's own pairs. */
  readonly budgetTokens: number;
  readonly rank: number;
  /** Training goes on from a version, not from the base. */
  readonly continued: boolean;
  readonly random: Random;
  readonly signal?: AbortSignal;
}

export function budgetTokensOf({ commits }: LearningRange): number {
  return learning.budgetTokens * Math.min(commits.length, learning.budgetCommits);
}

export async function makeCandidates(request: CandidateRequest): Promise<Candidate[]> {
  const { material, editors, random } = request;
  const structural = await editors.structural(material, { budgetTokens: request.budgetTokens, seed: random.fork('structural').nextUint32() });
  const written =
    request.count > 1 && structural.pairs.length > 0
      ? await editors.written(material, structural, {
          count: request.count - 1,
          policy: request.policy,
          seed: random.fork('written').nextUint32(),
          ...(request.signal ? { signal: request.signal } : {}),
        })
      : [];
  const leak = editors.leaks(material.keptOut);
  // Where too little was written to count, a candidate differs from candidate 0 in its recipe or not at all.
  const distinct = [structural, ...written.filter((selfEdit) => selfEdit.origin === 'written' || !sameRecipe(selfEdit, structural))];
  return distinct.map((selfEdit, index) => {
    const kept = selfEdit.pairs
      .filter((pair) => !request.struck.has(pair.id))
      .map((pair) => asAnswered(pair, request.edited))
      .filter((pair) => !request.struck.has(pair.id));
    assertNoLeak(kept, leak);
    const learningRate = selfEdit.recipe.learningRate * (request.continued ? learning.continuedRate : 1);
    const own = { ...selfEdit, pairs: kept, recipe: { ...selfEdit.recipe, rank: request.rank, learningRate } };
    const { low, high } = learning.replay;
    const replay = editors.replay(material, request.older, {
      share: Math.min(high, Math.max(low, selfEdit.recipe.replay)),
      newTokens: selfEdit.tokens,
      seed: random.fork(`replay-${index}`).nextUint32(),
    });
    assertNoLeak(replay, leak);
    const fresh = new Set(kept.map((pair) => pair.id));
    return { name: index === 0 ? 'structural' : `written-${index}`, selfEdit: own, replay: replay.filter((pair) => !fresh.has(pair.id)) };
  });
}

/** Trips when a self-edit is not what it promises; the cycle stops before anything is trained. */
export function assertNoLeak(pairs: readonly Pair[], leak: (pair: Pair) => string | null): void {
  for (const pair of pairs) {
    const found = leak(pair);
    assert(found === null, `pair ${pair.id.slice(0, 12)} (${pair.form}, ${pair.path}) shows what a probe or span asks: ${found}`);
  }
}

function sameRecipe(a: SelfEdit, b: SelfEdit): boolean {
  return formatRecipe(a.recipe) === formatRecipe(b.recipe);
}

/** A candidate as the engine trains it. The order of the examples is part of the seed. */
export function trainable(candidate: Candidate, options: { readonly name?: string; readonly seed: number; readonly from: AdapterHandle; readonly random: Random }): TrainCandidate {
  const { recipe } = candidate.selfEdit;
  const pairs = augmented([...candidate.selfEdit.pairs, ...candidate.replay], recipe.augment, options.seed);
  return {
    name: options.name ?? candidate.name,
    examples: options.random.shuffled(pairs).map((pair) => pair.example),
    recipe,
    seed: options.seed,
    from: options.from,
  };
}
