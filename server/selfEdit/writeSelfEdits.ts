// Candidates 1 to K-1: candidate 0's pairs and the model's own under a recipe of its own choosing, in the same number of tokens.
import type { AdapterHandle, Generated, GenerateItem } from '../base/prompt.ts';
import type { PromptTools } from '../syntax/promptContext.ts';
import type { CommitMaterial } from './commitMaterial.ts';
import type { SelfEdit } from './pair.ts';

/** What self-edits want of a language model; one result per item, in order. */
export interface Writer {
  generate(items: readonly GenerateItem[], signal?: AbortSignal): Promise<Generated[]>;
}

export interface WriteOptions {
  readonly tools: PromptTools;
  /** How many self-edits: K - 1. */
  readonly count: number;
  /** The editor policy; null is the base. Never the branch's adapter. */
  readonly policy: AdapterHandle;
  readonly seed: number;
  /** Pairs asked for per candidate. */
  readonly pairsAsked?: number;
  readonly signal?: AbortSignal;
}

export async function writeSelfEdits(material: CommitMaterial, structural: SelfEdit, writer: Writer, options: WriteOptions): Promise<SelfEdit[]> {
  throw new Error(`not written: ${material.commit} ${structural.tokens} ${typeof writer} ${options.seed}`);
}
