// What a model makes of next-commit items under one adapter: log-likelihood of the true answer, and the line it would have written.
import { distance } from 'fastest-levenshtein';
import type { AdapterHandle, Generated, GenerateItem, Scored, ScoreItem } from '../base/prompt.ts';
import type { NextCommitItem } from './nextCommitItems.ts';

export interface ItemModel {
  generate(items: readonly GenerateItem[]): Promise<Generated[]>;
  score(items: readonly ScoreItem[]): Promise<Scored[]>;
}

export interface ItemFigure {
  readonly id: string;
  /** Nats per token of the true answer. */
  readonly logLikelihood: number;
  readonly completion: string;
  readonly exact: boolean;
  /** 1 - Levenshtein distance over the longer length. */
  readonly editSimilarity: number;
}

/** A line's rest is rarely longer; what is cut here cannot be exact and says so by its similarity. */
const longestLineTokens = 40;

export async function measureItems(model: ItemModel, items: readonly NextCommitItem[], adapter: AdapterHandle): Promise<ItemFigure[]> {
  if (items.length === 0) return [];
  const logLikelihoods = await logLikelihoodsOf(model, items, adapter);
  const generated = await model.generate(
    items.map((item) => ({ prompt: item.prompt, adapter, maxTokens: longestLineTokens, temperature: 0, seed: 0, stop: ['\n'] })),
  );
  return items.map((item, i) => {
    const completion = generated[i]?.text ?? '';
    return {
      id: item.id,
      logLikelihood: logLikelihoods[i] ?? 0,
      completion,
      exact: completion.trim() === item.answer.trim(),
      editSimilarity: similarity(completion.trim(), item.answer.trim()),
    };
  });
}

/** Nats per token of each true answer. */
export async function logLikelihoodsOf(model: ItemModel, items: readonly NextCommitItem[], adapter: AdapterHandle): Promise<number[]> {
  const scored = await model.score(items.map((item) => ({ example: { prompt: item.prompt, answer: item.answer }, adapter })));
  return scored.map(({ logProbability, tokens }) => (tokens === 0 ? 0 : logProbability / tokens));
}

function similarity(a: string, b: string): number {
  const longer = Math.max(a.length, b.length);
  return longer === 0 ? 1 : 1 - distance(a, b) / longer;
}
