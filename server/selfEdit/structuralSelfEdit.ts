// Candidate 0: pairs from the syntax tree, no model. Deterministic in its inputs and the seed.
import type { Recipe } from '../base/prompt.ts';
import type { PromptTools } from '../syntax/promptContext.ts';
import type { CommitMaterial } from './commitMaterial.ts';
import type { SelfEdit } from './pair.ts';

export interface StructuralOptions {
  readonly tools: PromptTools;
  /** Prompts and answers of all pairs together; never exceeded. */
  readonly budgetTokens: number;
  readonly recipe: Recipe;
  readonly seed: number;
}

export function structuralSelfEdit(material: CommitMaterial, options: StructuralOptions): SelfEdit {
  throw new Error(`not written: ${material.commit} ${options.seed}`);
}
