// Likelihoods of the same items under several adapters, in one call: the engine serves all adapters with one pass over the base weights.
import { present } from '../base/assert.ts';
import type { AdapterHandle } from '../base/prompt.ts';
import type { LogLikelihoods, ScoredItem } from '../reward/denseGain.ts';
import type { LanguageModel } from './languageModel.ts';

/** One map per adapter, in their order; nats per token by item id. */
export async function likelihoods(
  model: LanguageModel,
  items: readonly ScoredItem[],
  adapters: readonly AdapterHandle[],
  signal?: AbortSignal,
): Promise<LogLikelihoods[]> {
  if (items.length === 0) return adapters.map(() => new Map());
  const asked = adapters.flatMap((adapter) => items.map(({ example }) => ({ example, adapter })));
  const scored = await model.score(asked, signal ? { signal } : {});
  return adapters.map(
    (_, a) =>
      new Map(
        items.map((item, i) => {
          const { logProbability, tokens } = present(scored[a * items.length + i], 'score');
          return [item.id, logProbability / Math.max(tokens, 1)];
        }),
      ),
  );
}

/** Mean over items, each counting the same. */
export function meanOf(likelihoodsById: LogLikelihoods): number {
  if (likelihoodsById.size === 0) return 0;
  return [...likelihoodsById.values()].reduce((sum, value) => sum + value, 0) / likelihoodsById.size;
}
