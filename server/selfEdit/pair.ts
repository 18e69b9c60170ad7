// A pair is one question and its answer; a self-edit is a set of pairs and the recipe to train them with.
import type { Example, Form, Recipe } from '../base/prompt.ts';

export interface Pair {
  /** SHA-256 of form, rendered prompt meaning and answer: the same pair has the same id in every cycle. */
  readonly id: string;
  readonly form: Form;
  readonly example: Example;
  readonly commit: string;
  readonly path: string;
  /** Qualified name of the declaration it teaches. */
  readonly declaration: string;
  readonly writtenBy: 'structural' | 'model';
  /** Set on a pair that is trained again: the version that first learnt it. */
  readonly replayOf?: string;
}

export interface DroppedPair {
  readonly form: Form;
  readonly text: string;
  readonly reason: 'unparsable' | 'notGrounded' | 'duplicate' | 'tooLong' | 'heldOut' | 'secret' | 'empty';
}

export interface SelfEdit {
  readonly recipe: Recipe;
  readonly pairs: readonly Pair[];
  readonly dropped: readonly DroppedPair[];
  /** The recipe line as the model wrote it; absent for candidate 0. */
  readonly recipeText?: string;
}
