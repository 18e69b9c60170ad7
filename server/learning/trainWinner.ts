// From K candidates to one trained adapter: all take the first steps together, the one that is chosen then takes the others (successive halving,
// arXiv:1502.07943), and goes further still where the choosing half says so.
import { present } from '../base/assert.ts';
import type { AdapterHandle, TrainCandidate, Trained } from '../base/prompt.ts';
import type { LogLikelihoods, ScoredItem } from '../reward/denseGain.ts';
import type { AdapterScope } from './adapterScope.ts';
import { beats, chooseCandidate } from './chooseCandidate.ts';
import { learning } from './constants.ts';
import type { LanguageModel } from './languageModel.ts';
import { likelihoods } from './likelihoods.ts';
import type { PhaseWatch } from './phaseWatch.ts';

export interface TrainWinnerParts {
  readonly model: LanguageModel;
  readonly adapters: AdapterScope;
  readonly watch: PhaseWatch;
  /** What training starts from. */
  readonly active: AdapterHandle;
  /** The choosing half; without it candidate 0 is taken as it is. */
  readonly probes: readonly ScoredItem[];
  readonly seed: number;
}

export interface TrainedWinner {
  /** Index of the candidate. */
  readonly best: number;
  readonly adapter: string;
  /** Of the step as trained: 1, or `learning.furtherStep`. */
  readonly share: number;
  /** Over candidate 0, of each candidate after the part of its steps that all take, nats per token on the choosing half; null without one. */
  readonly gains: readonly number[] | null;
  /** All steps that were taken, the winner's in two parts. */
  readonly trained: readonly Trained[];
}

export async function trainWinner(candidates: readonly TrainCandidate[], parts: TrainWinnerParts): Promise<TrainedWinner> {
  const { probes, seed } = parts;
  if (probes.length === 0) {
    const trained = await train(candidates.slice(0, 1), parts);
    return { best: 0, adapter: present(trained[0], 'trained').adapter, share: 1, gains: null, trained };
  }
  const [only] = candidates;
  if (candidates.length === 1 && only !== undefined) {
    const trained = await train([only], parts);
    const { adapter } = present(trained[0], 'trained');
    const [scores = new Map()] = await score([adapter], parts);
    return { best: 0, ...(await furtherWhereBetter(adapter, scores, parts)), gains: [0], trained };
  }
  const begun = await train(candidates.map((candidate) => ({ ...candidate, until: learning.firstPart })), parts);
  const { best, gains } = chooseCandidate(probes, await score(begun.map(({ adapter }) => adapter), parts), seed);
  const ended = await train([{ ...present(candidates[best], 'winner'), from: present(begun[best], 'winner').adapter }], parts);
  const { adapter } = present(ended[0], 'winner');
  const [scores = new Map()] = await score([adapter], parts);
  return { best, ...(await furtherWhereBetter(adapter, scores, parts)), gains, trained: [...begun, ...ended] };
}

/** `scores`: of the adapter as trained, on the choosing half. */
async function furtherWhereBetter(adapter: string, scores: LogLikelihoods, parts: TrainWinnerParts): Promise<{ readonly adapter: string; readonly share: number }> {
  const { model, adapters, active, probes, seed } = parts;
  const further = adapters.keep(await model.interpolate(active, adapter, learning.furtherStep));
  const [beyond = new Map()] = await score([further], parts);
  return beats(probes, { active: scores, candidate: beyond }, seed) ? { adapter: further, share: learning.furtherStep } : { adapter, share: 1 };
}

async function train(candidates: readonly TrainCandidate[], { model, adapters, watch }: TrainWinnerParts): Promise<Trained[]> {
  const { signal } = watch;
  const trained = await watch.run('train', (report) => model.train(candidates, { onProgress: ({ step, steps }) => report(step / steps), ...(signal ? { signal } : {}) }));
  for (const { adapter } of trained) adapters.keep(adapter);
  return trained;
}

function score(handles: readonly AdapterHandle[], { model, probes, watch }: TrainWinnerParts): Promise<LogLikelihoods[]> {
  return watch.run('select', () => likelihoods(model, probes, handles, watch.signal));
}
