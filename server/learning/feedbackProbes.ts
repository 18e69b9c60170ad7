// Suggestions that were accepted and still stand, as probes of the commit that brought them in: a version that would no longer write what its user
// kept loses by it. Invariant: what is a probe becomes no pair, and what a pair may have shown becomes no probe. So a text must be new in
// this commit and stand nowhere else, and it is kept out of the pairs like every probe.
import { sha256 } from '../base/hash.ts';
import type { RewardMeasures, MeasuredCommit } from '../reward/createMeasures.ts';
import { halfByFile } from '../reward/halves.ts';
import type { Probe } from '../reward/probe.ts';
import { placesIn } from '../reward/probePlaces.ts';
import { fimPrompt, type PromptTools } from '../syntax/promptContext.ts';
import type { Syntax } from '../syntax/syntax.ts';
import type { StoreAccess } from '../store/storeAccess.ts';
import { readFeedback, type KeptText } from './feedbackRecords.ts';

export interface FeedbackTools extends PromptTools {
  readonly syntax: Syntax;
}

/** Of one commit: they are what the model wrote already, so they guard more than they reward. */
const mostProbes = 8;
/** Shorter says nothing; longer is judged by its beginning, which all versions share. */
const characters = { least: 8, most: 240 };

/** The same measures, with kept suggestions among the probes. */
export function withKeptSuggestions(measures: RewardMeasures, { store, tools }: { readonly store: StoreAccess; readonly tools: FeedbackTools }): RewardMeasures {
  return {
    ...measures,
    async items(material, options) {
      const items = await measures.items(material, options);
      const kept = keptProbes((await readFeedback(store)).kept, { material, others: items.probes, tools });
      if (kept.length === 0) return items;
      return { ...items, probes: [...items.probes, ...kept], notes: [...items.notes, `${kept.length} of the probes are suggestions that were accepted and still stood minutes later`] };
    },
  };
}

export function keptProbes(kept: readonly KeptText[], { material, others, tools }: { readonly material: MeasuredCommit; readonly others: readonly Probe[]; readonly tools: FeedbackTools }): Probe[] {
  const probes: Probe[] = [];
  const halfOf = halfByFile(others);
  for (const { path, text } of kept) {
    if (probes.length === mostProbes) break;
    const probe = probeOf(path, text.trimEnd(), material, tools);
    if (probe !== null) probes.push({ ...probe, half: halfOf(path) });
  }
  return probes;
}

function probeOf(path: string, answer: string, material: MeasuredCommit, tools: FeedbackTools): Omit<Probe, 'half'> | null {
  if (answer.trim().length < characters.least || answer.length > characters.most) return null;
  const version = material.versions.find((each) => each.path === path);
  const text = version?.after ?? null;
  if (version === undefined || text === null || version.before?.includes(answer.trim())) return null;
  const start = text.indexOf(answer);
  const elsewhere = [...material.files].some(([other, content]) => other !== path && content.includes(answer.trim()));
  if (start === -1 || text.includes(answer.trim(), start + answer.length) || elsewhere) return null;
  const masked = { start, end: start + answer.length };
  const prompt = fimPrompt({ repository: material.repository, path, text, masked, textOf: (other) => material.files.get(other) }, tools);
  const declaration = placesIn((other) => material.files.get(other), tools.syntax)(path, start);
  return { id: sha256(JSON.stringify(['kept', path, answer])), kind: 'kept', example: { prompt, answer }, path, declaration, commit: material.commit };
}
