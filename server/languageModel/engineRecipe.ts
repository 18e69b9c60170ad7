// What a recipe leaves open, as the engine needs it.
import type { Recipe } from '../base/prompt.ts';
import type { EngineRecipe } from '../protocol/engine.ts';

export function engineRecipe({ learningRate, epochs, loss, rank }: Recipe): EngineRecipe {
  return {
    learningRate,
    epochs: Math.max(1, Math.round(epochs)),
    loss,
    rank,
    // The usual choice for LoRA; with it, one learning rate serves every rank.
    alpha: 2 * rank,
    warmupShare: 0.1,
    clipNorm: 1,
    // A candidate takes tens of steps: decay would do nothing but break "no gradient, no change".
    weightDecay: 0,
  };
}
