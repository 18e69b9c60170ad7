// Candidate 0: pairs from the syntax tree, no model. Deterministic in its inputs and the seed.
import { structuralForms, type Example, type Recipe } from '../base/prompt.ts';
import { fimPrompt } from '../syntax/promptContext.ts';
import type { CommitMaterial } from './commitMaterial.ts';
import { exampleTokens } from './exampleTokens.ts';
import { leakCheck } from './keptOut.ts';
import { makePair, type DroppedPair, type Pair, type SelfEdit } from './pair.ts';
import { parsedTree, type ParsedTree, type SelfEditTools } from './parsedTree.ts';
import type { Site } from './site.ts';
import { roundRobin, siteGroups } from './siteGroups.ts';

export interface StructuralOptions {
  readonly tools: SelfEditTools;
  /** Prompts and answers of all pairs together; never exceeded. */
  readonly budgetTokens: number;
  readonly recipe: Recipe;
  readonly seed: number;
}

/** Sites that did not fit in a row before drawing ends: the budget is spent. */
const mostMisses = 24;

export function structuralSelfEdit(material: CommitMaterial, options: StructuralOptions): SelfEdit {
  const tree = parsedTree(material, options.tools);
  const leak = leakCheck(material.keptOut);
  const pairs: Pair[] = [];
  const dropped: DroppedPair[] = [];
  const seen = new Set<string>();
  let tokens = 0;
  let misses = 0;
  for (const site of roundRobin(siteGroups(material, tree, options.seed), structuralMix(options.recipe))) {
    const pair = makePair({ form: site.form, example: siteExample(site, material.repository, tree), commit: material.commit, path: site.path, declaration: site.declaration, writtenBy: 'structural' });
    if (seen.has(pair.id)) continue;
    seen.add(pair.id);
    if (leak(pair) !== null) {
      dropped.push({ form: pair.form, text: pair.example.answer, reason: 'heldOut' });
      continue;
    }
    const cost = exampleTokens(pair.example, tree.tools.countTokens);
    if (tokens + cost > options.budgetTokens) {
      if (++misses >= mostMisses) break;
      continue;
    }
    tokens += cost;
    pairs.push(pair);
  }
  return { origin: 'structural', recipe: options.recipe, pairs, dropped, tokens, samples: [] };
}

function siteExample(site: Site, repository: string, tree: ParsedTree): Example {
  const text = tree.textOf(site.path) ?? '';
  const hidden = site.unwritten === undefined ? tree.hidden(site.path) : [...tree.hidden(site.path), site.unwritten];
  const prompt = fimPrompt({ repository, path: site.path, text, masked: site.masked, textOf: tree.textOf, hidden, hiddenIn: tree.hidden }, tree.tools);
  return { prompt, answer: text.slice(site.masked.start, site.masked.end) };
}

/** A recipe that gives no weight to any structural form still gets fill-in-the-middle: it is what completion serves. */
function structuralMix(recipe: Recipe): Readonly<Partial<Record<(typeof structuralForms)[number], number>>> {
  const mix = Object.fromEntries(structuralForms.map((form) => [form, recipe.mix[form] ?? 0]));
  return Object.values(mix).some((weight) => weight > 0) ? mix : { fim: 1 };
}
