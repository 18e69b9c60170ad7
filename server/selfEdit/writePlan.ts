// Which pairs each candidate asks the model for: forms by the weights of its own recipe, changes in turn, a different start per candidate.
import { writtenForms, type Recipe, type WrittenForm } from '../base/prompt.ts';
import type { Random } from '../base/random.ts';
import type { Change } from '../syntax/declaration.ts';
import { isHeldOut } from '../syntax/heldOut.ts';

export interface Asked {
  readonly change: Change;
  readonly form: WrittenForm;
}

/** Changes that may be written about, those with most new lines first: they have most to say. */
export function writableChanges(changes: readonly Change[]): Change[] {
  return changes
    .filter(({ before, after }) => !(after !== undefined && isHeldOut(after)) && !(before !== undefined && isHeldOut(before)))
    .map((change, index) => ({ change, index }))
    .sort((a, b) => weight(b.change) - weight(a.change) || a.index - b.index)
    .map(({ change }) => change);
}

function weight(change: Change): number {
  return change.after === undefined ? 0 : Math.min(change.changedLines.length, 12);
}

export function writePlan(changes: readonly Change[], recipe: Recipe, options: { readonly pairs: number; readonly candidate: number; readonly random: Random }): Asked[] {
  const forms = weightedForms(recipe, options.pairs, options.random);
  return forms.flatMap((form, index) => {
    const fitting = changes.filter((change) => fits(form, change));
    const change = fitting[(options.candidate + index) % Math.max(1, fitting.length)];
    return change === undefined ? [] : [{ change, form }];
  });
}

/** Contrast needs an old wording; code and facts need a new one; what follows from a change can be said of all. */
function fits(form: WrittenForm, change: Change): boolean {
  return form === 'implication' || (form === 'contrast' ? change.before !== undefined : change.after !== undefined);
}

/** So many forms, each about as often as its weight says; every form with weight once before any comes twice. */
function weightedForms(recipe: Recipe, count: number, random: Random): WrittenForm[] {
  const stated = writtenForms.filter((form) => (recipe.mix[form] ?? 0) > 0);
  // A recipe that names fewer than two written forms leaves the choice to us: pairs of one kind only repeat each other.
  const forms = stated.length >= 2 ? stated : [...writtenForms];
  const total = forms.reduce((sum, form) => sum + (recipe.mix[form] ?? 1), 0);
  const order = random.shuffled(forms);
  const wanted = order.flatMap((form) => Array.from({ length: Math.max(1, Math.round(((recipe.mix[form] ?? 1) / total) * count)) }, (_, turn) => ({ form, turn })));
  return wanted.sort((a, b) => a.turn - b.turn).slice(0, count).map(({ form }) => form);
}
