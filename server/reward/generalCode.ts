// Code of other projects, as items whose loss must not rise: learning one repository may not cost the model what it knew of code.
// The excerpts, their packages and licences are in generalCode.json.
import { sha256 } from '../base/hash.ts';
import type { ScoredItem } from './denseGain.ts';
import general from './generalCode.json' with { type: 'json' };

export const generalCode: readonly ScoredItem[] = general.items.map(({ package: name, path, prefix, suffix, answer }) => ({
  id: sha256(`general\0${name}\0${path}\0${prefix}`).slice(0, 16),
  path: `${name}/${path}`,
  example: { prompt: { kind: 'fim', repository: name, path, prefix, suffix, context: [] }, answer },
}));
