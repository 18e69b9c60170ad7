// Bundled code of other projects: placebos are trained on the pairs, general-code loss is measured on the texts.
import { generalCode } from '../reward/generalCode.ts';
import type { ForeignCode } from './collaborators.ts';
import bundled from './placeboPairs.json' with { type: 'json' };
import { readForeignPairs } from './storedItems.ts';

export function foreignCode(): ForeignCode {
  return { general: generalCode, placeboPairs: readForeignPairs(bundled.pairs) };
}
