// graft/models: the bundled model, those on this machine, and those that could be fetched.
import { starterName, type ListedModel } from '../../models/findModel.ts';
import type { RequestResult } from '../../protocol/assistant.ts';

export function models(listed: readonly ListedModel[], chosen: string): RequestResult<'models'> {
  const rows = listed.map((model) => ({ name: model.name, detail: detailOf(model), installed: model.where !== 'hub', active: model.name === (chosen === '' ? starterName : chosen) }));
  // A folder that the user named is not in any list.
  if (rows.some(({ active }) => active)) return rows;
  return [...rows, { name: chosen, detail: 'a folder with a checkpoint', installed: true, active: true }];
}

function detailOf({ where, approximateParameters, licence, problem }: ListedModel): string {
  if (problem !== null) return problem;
  const size = approximateParameters === null ? 'size unknown' : `${(approximateParameters / 1e6).toFixed(0)} M parameters`;
  const place = where === 'bundled' ? 'bundled' : where === 'pulled' ? 'on this machine' : 'fetch it with "graft model pull"';
  return `${size}, licence ${licence ?? 'unknown'}, ${place}`;
}
