// Completions before and after, for the review: a few probes filled in by both adapters, greedily. Shown, never used to decide.
import type { AdapterHandle } from '../base/prompt.ts';
import type { Probe } from '../reward/probe.ts';
import type { CycleDetails } from '../store/version.ts';
import { learning } from './constants.ts';
import type { LanguageModel } from './languageModel.ts';

export async function completionsBeforeAndAfter(
  model: LanguageModel,
  options: {
    readonly items: readonly Probe[];
    readonly before: AdapterHandle;
    readonly after: AdapterHandle;
    readonly seed: number;
    readonly signal?: AbortSignal;
  },
): Promise<CycleDetails['completions']> {
  // One per file first: three completions of one test say less.
  const seen = new Set<string>();
  const spread = [...options.items.filter(({ path }) => !seen.has(path) && seen.add(path)), ...options.items];
  const shown = [...new Set(spread)].slice(0, learning.shownCompletions);
  if (shown.length === 0) return [];
  const generated = await model.generate(
    [options.before, options.after].flatMap((adapter) =>
      shown.map((probe) => ({ prompt: probe.example.prompt, adapter, maxTokens: learning.shownCompletionTokens, temperature: 0, seed: options.seed, stop: ['\n'] })),
    ),
    options.signal ? { signal: options.signal } : {},
  );
  return shown.map((probe, index) => ({
    path: probe.path,
    prompt: promptEnd(probe),
    expected: probe.example.answer,
    before: generated[index]?.text ?? '',
    after: generated[shown.length + index]?.text ?? '',
  }));
}

/** The last lines before the cursor, or the question. */
function promptEnd({ example: { prompt } }: Probe): string {
  if (prompt.kind === 'question') return prompt.question;
  if (prompt.kind === 'fim') return prompt.prefix.split('\n').slice(-4).join('\n');
  return prompt.name;
}
