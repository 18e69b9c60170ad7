// The control of a replay: an adapter taught step by step as the adapted versions were (each with its recipe, seed and number of pairs, from
// the one before), but with another project's pairs. What it gains over the base is format and language; only what the adapted
// versions gain beyond it is knowledge of this repository.
import { present } from '../base/assert.ts';
import type { AdapterHandle, Recipe, TrainCandidate } from '../base/prompt.ts';
import { Random } from '../base/random.ts';
import type { Kept } from '../learning/judgeStep.ts';
import type { LanguageModel } from '../learning/languageModel.ts';
import type { Pair } from '../selfEdit/pair.ts';

/** What one promoted version was taught, as far as the control copies it. */
export interface TaughtStep extends Kept {
  readonly pairs: number;
  readonly recipe: Recipe;
  readonly seed: number;
}

export interface ControlStep extends Kept {
  readonly candidate: Omit<TrainCandidate, 'from'>;
}

/** The control after its last step; null where nothing was taught. The caller releases it. */
export async function trainOtherRepository(model: Pick<LanguageModel, 'train' | 'interpolate' | 'release'>, steps: readonly ControlStep[]): Promise<AdapterHandle> {
  let adapter: AdapterHandle = null;
  for (const { candidate, share, shrunkTo } of steps) {
    const [trained] = await model.train([{ ...candidate, from: adapter }]);
    const whole = present(trained, 'control').adapter;
    const taken = await model.interpolate(adapter, whole, share);
    const kept = await model.interpolate(null, taken, shrunkTo);
    for (const done of [adapter, whole, taken]) if (done !== null) await model.release(done);
    adapter = kept;
  }
  return adapter;
}

/** One candidate per step, to be trained one after the other; `from` is the caller's to set. No pair comes twice before all have come once. */
export function otherRepositorySteps(foreign: readonly Pair[], taught: readonly TaughtStep[], seed: number): ControlStep[] {
  const shuffled = new Random(`${seed}:otherRepository`).shuffled(foreign);
  let next = 0;
  return taught.flatMap((step) => {
    const examples = Array.from({ length: step.pairs }, () => shuffled[next++ % Math.max(shuffled.length, 1)]?.example).filter((each) => each !== undefined);
    return examples.length === 0 ? [] : [{ candidate: { name: 'otherRepository', examples, recipe: step.recipe, seed: step.seed }, share: step.share, shrunkTo: step.shrunkTo }];
  });
}
