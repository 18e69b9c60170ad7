// A pair is one question and its answer; a self-edit is a set of pairs and the recipe to train them with.
import { sha256 } from '../base/hash.ts';
import type { Example, Form, Recipe, SelfEditPrompt } from '../base/prompt.ts';

export interface Pair {
  /** SHA-256 of form, rendered prompt meaning and answer: the same pair has the same id in every cycle. */
  readonly id: string;
  readonly form: Form;
  readonly example: Example;
  readonly commit: string;
  readonly path: string;
  /** Qualified name of the declaration it teaches; empty for code outside declarations. */
  readonly declaration: string;
  readonly writtenBy: 'structural' | 'model';
  /** Set on a pair that is trained again: the version that first learnt it. */
  readonly replayOf?: string;
}

export interface DroppedPair {
  readonly form: Form;
  readonly text: string;
  readonly reason:
    | 'unparsable'
    /** Names something that is nowhere in the code it is about. */
    | 'notGrounded'
    /** States as current what stands only in the code before the commit. */
    | 'oldCode'
    /** The answer should be code and is not. */
    | 'notCode'
    | 'duplicate'
    | 'tooLong'
    | 'heldOut'
    | 'secret'
    | 'empty';
}

export interface SelfEdit {
  /** `structuralOnly`: the model was asked and too little of what it wrote held; the pairs are candidate 0's. */
  readonly origin: 'structural' | 'written' | 'structuralOnly';
  readonly recipe: Recipe;
  readonly pairs: readonly Pair[];
  readonly dropped: readonly DroppedPair[];
  /** The recipe line as the model wrote it; absent for candidate 0. */
  readonly recipeText?: string;
  /** Tokens of all prompts and answers. */
  readonly tokens: number;
  /** What the model was asked for and what came of it; absent for candidate 0. */
  readonly written?: WrittenCounts;
  /** What the editor policy was asked and wrote, verbatim: the recipe line, and each text of which a pair was kept. ReST-EM trains on them. */
  readonly samples: readonly WrittenSample[];
}

export interface WrittenSample {
  readonly prompt: SelfEditPrompt;
  readonly text: string;
}

export interface WrittenCounts {
  /** Pairs the model was asked for. */
  readonly asked: number;
  readonly parsed: number;
  readonly grounded: number;
  /** Grounded and different from each other and from candidate 0's. */
  readonly distinct: number;
}

export function makePair(fields: Omit<Pair, 'id'>): Pair {
  return { id: sha256(JSON.stringify([fields.form, fields.example.prompt, fields.example.answer])), ...fields };
}
