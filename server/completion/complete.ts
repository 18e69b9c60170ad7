// One completion at a cursor, in the prompt shape that adapters are trained on, with a named reason when there is nothing to suggest.
import type { AdapterHandle } from '../base/prompt.ts';
import { fimPrompt, type PromptTools } from '../syntax/promptContext.ts';
import { trimSuffixOverlap } from '../syntax/trimSuffixOverlap.ts';
import type { CompletionModel } from './completionModel.ts';

export interface CompletionRequest {
  readonly repository: string;
  readonly path: string;
  readonly text: string;
  /** UTF-16 offset of the cursor. */
  readonly offset: number;
  readonly textOf: (path: string) => string | undefined;
  readonly adapter: AdapterHandle;
  readonly multiline: boolean;
  readonly signal?: AbortSignal;
}

export type Completion =
  | { readonly kind: 'completion'; readonly text: string; readonly meanLogProbability: number }
  | { readonly kind: 'none'; readonly reason: 'blank' | 'repeatsSuffix' };

/** Figures of the field: 20 tokens for a line, 200 for more, are enough; a line of ours may be long, so twice as many. */
const lineTokens = 40;
const blockTokens = 200;

export async function complete(model: Pick<CompletionModel, 'generate'>, request: CompletionRequest, tools: PromptTools): Promise<Completion> {
  const prompt = fimPrompt(
    {
      repository: request.repository,
      path: request.path,
      text: request.text,
      masked: { start: request.offset, end: request.offset },
      textOf: request.textOf,
    },
    tools,
  );
  const [generated] = await model.generate(
    [
      {
        prompt,
        adapter: request.adapter,
        maxTokens: request.multiline ? blockTokens : lineTokens,
        temperature: 0,
        seed: 0,
        ...(request.multiline ? {} : { stop: ['\n'] }),
      },
    ],
    { priority: 'completion', ...(request.signal ? { signal: request.signal } : {}) },
  );
  const raw = generated?.text ?? '';
  if (raw.trim() === '') return { kind: 'none', reason: 'blank' };
  const text = trimSuffixOverlap(raw, request.text.slice(request.offset));
  if (text.trim() === '') return { kind: 'none', reason: 'repeatsSuffix' };
  return { kind: 'completion', text, meanLogProbability: generated?.meanLogProbability ?? 0 };
}
