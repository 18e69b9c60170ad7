// A trained step judged whole and, where tests, retention or general code failed, at smaller shares of it: a smaller step may keep the gain and lose the harm.
import type { AdapterHandle } from '../base/prompt.ts';
import type { AdapterScope } from './adapterScope.ts';
import { learning } from './constants.ts';
import { mayBeInterpolated, type Judgement, type UnderTwoSeeds } from './judge.ts';
import type { LanguageModel } from './languageModel.ts';

export interface Step extends UnderTwoSeeds {
  /** What it goes from: the version that training started from, or null for the base. */
  readonly from: AdapterHandle;
  /** Of the step as it was trained. */
  readonly share: number;
  /** How the whole step's tests are run; smaller ones are tested where they survive the other gates. */
  readonly tests: 'always' | 'ifSurviving';
}

export interface JudgedStep {
  /** Of the step that passed, or of the whole one where none did. */
  readonly judgement: Judgement;
  readonly adapter: string;
  readonly share: number;
  /** What became of each smaller step. */
  readonly notes: readonly string[];
}

type JudgePair = (pair: UnderTwoSeeds, tests: 'always' | 'ifSurviving') => Promise<Judgement>;

export async function judgeStep(step: Step, judgePair: JudgePair, { model, adapters }: { readonly model: LanguageModel; readonly adapters: AdapterScope }): Promise<JudgedStep> {
  const { first, from, share } = step;
  let trainedAgain: Promise<string> | undefined;
  const second = (): Promise<string> => (trainedAgain ??= step.second());
  const judgement = await judgePair({ first, second }, step.tests);
  const notes: string[] = [];
  if (judgement.failure === null || !mayBeInterpolated(judgement.failure.reason)) return { judgement, adapter: first, share, notes };
  for (const smaller of learning.interpolationShares) {
    const between = {
      first: adapters.keep(await model.interpolate(from, first, smaller)),
      second: async () => adapters.keep(await model.interpolate(from, await second(), smaller)),
    };
    const next = await judgePair(between, 'ifSurviving');
    notes.push(`at ${share * smaller} of the step: ${next.failure?.explanation ?? 'passed'}`);
    if (next.failure === null) return { judgement: next, adapter: between.first, share: share * smaller, notes };
  }
  return { judgement, adapter: first, share, notes };
}
