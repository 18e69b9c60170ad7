// A question about the codebase, answered from the weights alone: no file is read for it, so the answer shows what was learnt.
import type { AdapterHandle, Generated, GenerateItem } from '../base/prompt.ts';

export interface AskModel {
  generate(items: readonly GenerateItem[], options?: { readonly signal?: AbortSignal }): Promise<Generated[]>;
}

export interface Answer {
  readonly text: string;
  /** Mean log-probability per token, nats: how sure the model is of its own words, not whether they are true. */
  readonly meanLogProbability: number;
  /** The token limit ended it. */
  readonly cut: boolean;
}

const answerTokens = 160;

export async function ask(
  model: AskModel,
  request: { readonly repository: string; readonly question: string; readonly adapter: AdapterHandle; readonly signal?: AbortSignal },
): Promise<Answer> {
  const [generated] = await model.generate(
    [
      {
        prompt: { kind: 'question', repository: request.repository, question: request.question.trim() },
        adapter: request.adapter,
        maxTokens: answerTokens,
        temperature: 0,
        seed: 0,
      },
    ],
    request.signal ? { signal: request.signal } : {},
  );
  return { text: (generated?.text ?? '').trim(), meanLogProbability: generated?.meanLogProbability ?? 0, cut: generated?.finish === 'length' };
}
