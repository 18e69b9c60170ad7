// The names a model may write about a change, given to the sampler: what grounding would drop is not written in the first place.
// Fewer than grounding accepts: names of the change's own file, since a name from far away is more often a slip than a fact.
import type { GenerateItem, WrittenForm } from '../base/prompt.ts';
import { isCodeForm, type Ground } from './grounding.ts';

export function namesToWrite(form: WrittenForm, ground: Ground): NonNullable<GenerateItem['names']> {
  return { words: [...ground.near, ...(form === 'contrast' ? ground.past : []), ...syntaxWords], answerIsCode: isCodeForm(form) };
}

/** What code about any name needs, and the two local names that usages introduce. */
const syntaxWords = `const let new await async return import from export function class interface type enum extends readonly typeof this super null true false
  undefined string number boolean void any unknown never if else for of in while throw try catch self None True False def pass result value`.split(/\s+/);
