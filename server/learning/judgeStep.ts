// A trained step judged whole and, where tests, retention or general code failed, in smaller forms that may keep the gain and lose the harm: a part of the
// step, or the step whole on an adapter that is shrunk towards the base.
import type { AdapterHandle } from '../base/prompt.ts';
import type { AdapterScope } from './adapterScope.ts';
import { learning } from './constants.ts';
import { judge, keptGeneralCode, mayBeInterpolated, type Baseline, type Bench, type Judgement, type UnderTwoSeeds } from './judge.ts';
import type { PhaseWatch } from './phaseWatch.ts';

export interface Step extends UnderTwoSeeds {
  /** What it goes from: the version that training started from, or null for the base. */
  readonly from: AdapterHandle;
  /** Of the step as it was trained. */
  readonly share: number;
}

/** How much of a trained step is kept, and of the adapter after it. */
export interface Kept {
  readonly share: number;
  /** Of the way from the base to the adapter; 1: all. */
  readonly shrunkTo: number;
}

export interface JudgedStep extends Kept {
  /** Of the step that passed, or of the whole one where none did. */
  readonly judgement: Judgement;
  readonly adapter: string;
  /** What became of each smaller form. */
  readonly notes: readonly string[];
}

export interface JudgeStepParts {
  readonly bench: Bench;
  readonly baseline: Baseline;
  readonly adapters: AdapterScope;
  readonly watch: PhaseWatch;
}

export async function judgeStep(step: Step, { bench, baseline, adapters, watch }: JudgeStepParts): Promise<JudgedStep> {
  const { model } = bench;
  const { first, from } = step;
  const judged = (pair: UnderTwoSeeds): Promise<Judgement> => watch.run('judge', () => judge(bench, baseline, pair));
  let trainedAgain: Promise<string> | undefined;
  const second = (): Promise<string> => (trainedAgain ??= step.second());
  const judgement = await judged({ first, second });
  const whole: JudgedStep = { judgement, adapter: first, share: step.share, shrunkTo: 1, notes: [] };
  const reason = judgement.failure?.reason;
  if (reason === undefined || !mayBeInterpolated(reason)) return whole;

  const made = async (adapter: string, { share, shrunkTo }: Kept): Promise<string> => {
    const part = share === 1 ? adapter : adapters.keep(await model.interpolate(from, adapter, share));
    return shrunkTo === 1 ? part : adapters.keep(await model.interpolate(null, part, shrunkTo));
  };
  const notes: string[] = [];
  for (const form of reason === 'generalLoss' && from !== null ? [...shrunk, ...parts] : parts) {
    const adapter = await made(first, form);
    const name = form.shrunkTo === 1 ? `at ${step.share * form.share} of the step` : `shrunk to ${form.shrunkTo}`;
    // A few general items first: a judgement scores all probes too.
    const known = reason === 'generalLoss' ? await watch.run('judge', () => keptGeneralCode(bench, baseline, adapter)) : new Map<string, number>();
    if (known === null) {
      notes.push(`${name}: still too much loss on code of other projects`);
      continue;
    }
    const next = await judged({ first: adapter, second: async () => made(await second(), form), known });
    notes.push(`${name}: ${next.failure?.explanation ?? 'passed'}`);
    if (next.failure === null) return { judgement: next, adapter, share: step.share * form.share, shrunkTo: form.shrunkTo, notes };
  }
  return { ...whole, notes };
}

const parts: readonly Kept[] = learning.interpolationShares.map((share) => ({ share, shrunkTo: 1 }));
/** Not from the base: there it would be a larger part of the step, which leaves later commits less of the limit. */
const shrunk: readonly Kept[] = learning.shrunkTo.map((shrunkTo) => ({ share: 1, shrunkTo }));
