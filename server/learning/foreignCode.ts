// Bundled code of other projects: placebos are trained on the pairs, general-code loss is measured on the texts.
import { generalCode } from '../reward/generalCode.ts';
import type { ForeignCode } from './collaborators.ts';
import { learning } from './constants.ts';
import bundled from './placeboPairs.json' with { type: 'json' };
import { readForeignPairs } from './storedItems.ts';

export function foreignCode(): ForeignCode {
  // Every second one or so, over all the packages they come from.
  const step = Math.max(1, generalCode.length / learning.generalItems);
  const general = generalCode.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step)).slice(0, learning.generalItems);
  return { general, placeboPairs: readForeignPairs(bundled.pairs) };
}
