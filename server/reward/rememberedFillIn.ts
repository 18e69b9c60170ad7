// Generates nothing twice: a span's greedy fill-in is asked for to choose spans, and again to judge them; an active version's for every candidate.
import type { GenerateItem, Generated, Prompt } from '../base/prompt.ts';
import { present } from '../base/assert.ts';
import type { FillIn } from './model.ts';

/** Prompts are told apart by identity: the spans of a commit are made once. */
export function rememberedFillIn(fillIn: FillIn): FillIn {
  const known = new Map<Prompt, Map<string, Generated>>();
  const recall = (item: GenerateItem): Generated | undefined => known.get(item.prompt)?.get(nameOf(item));
  return {
    async generate(items, options) {
      const fresh = items.filter((item) => recall(item) === undefined);
      const generated = fresh.length === 0 ? [] : await fillIn.generate(fresh, options);
      fresh.forEach((item, index) => {
        const ofPrompt = known.get(item.prompt) ?? new Map<string, Generated>();
        known.set(item.prompt, ofPrompt.set(nameOf(item), present(generated[index], 'generated text')));
      });
      return items.map((item) => present(recall(item), 'generated text'));
    },
  };
}

function nameOf({ prompt: _prompt, ...rest }: GenerateItem): string {
  return JSON.stringify(rest);
}
