// Candidates 1 to K-1: candidate 0's pairs and the model's own under a recipe of its own choosing, in the same number of trained tokens.
// Two batches in all: every candidate's recipe line, then every candidate's pairs.
import { present } from '../base/assert.ts';
import { folded } from '../base/folded.ts';
import type { AdapterHandle, Generated, GenerateItem, Recipe, SelfEditPrompt } from '../base/prompt.ts';
import { Random } from '../base/random.ts';
import type { Change } from '../syntax/declaration.ts';
import { changePrompt } from './changePrompt.ts';
import type { CommitMaterial } from './commitMaterial.ts';
import { drawWithin } from './drawWithin.ts';
import { groundOf, ungrounded } from './grounding.ts';
import { leakCheck } from './keptOut.ts';
import { namesToWrite } from './namesToWrite.ts';
import type { DroppedPair, Pair, SelfEdit, WrittenSample } from './pair.ts';
import { parsedTree, type ParsedTree, type SelfEditTools } from './parsedTree.ts';
import { defaultRecipe, formatRecipe, parseRecipe } from './recipe.ts';
import { writableChanges, writePlan, type Asked } from './writePlan.ts';
import { writtenExamples } from './writtenExamples.ts';
import { parseWrittenPair } from './writtenPair.ts';

/** What self-edits want of a language model; one result per item, in order. */
export interface Writer {
  generate(items: readonly GenerateItem[], options?: { readonly signal?: AbortSignal }): Promise<Generated[]>;
}

export interface WriteOptions {
  readonly tools: SelfEditTools;
  /** How many self-edits: K - 1. */
  readonly count: number;
  /** The editor policy; null is the base. Never the branch's adapter. */
  readonly policy: AdapterHandle;
  readonly seed: number;
  /** Pairs asked for per candidate; default 8, of which half may be lost and enough are left. */
  readonly pairsAsked?: number;
  readonly signal?: AbortSignal;
}

/**
 * SEAL samples self-edits of a 7B model at temperature 1.0 and top_p 0.95. A model of a few million parameters loses the names at that heat: with the starter
 * at 13 M tokens, `npm run bench -- selfEdit` grounds 19 % of its pairs so and 42 % (and more distinct ones) at these values.
 */
export const sampling = { temperature: 0.6, topP: 0.9 } as const;
export const fewestDistinctPairs = 3;
/** Of what was asked for, parsed and grounded: a writer that is wrong more often than not teaches by luck. */
export const leastGroundedShare = 0.5;
const recipesAsked = 2;
const recipeTokens = 80;
/** What is not finished by then is not at 128 either: it goes round in circles (`npm run bench -- selfEdit`, the same figures). */
const pairTokens = 96;

export async function writeSelfEdits(material: CommitMaterial, structural: SelfEdit, writer: Writer, options: WriteOptions): Promise<SelfEdit[]> {
  const changes = writableChanges(material.changes);
  const candidates = Array.from({ length: options.count }, (_, index) => index);
  if (changes.length === 0) return candidates.map(() => ({ ...structural, origin: 'structuralOnly', written: { asked: 0, parsed: 0, grounded: 0, distinct: 0 } }));
  const tree = parsedTree(material, options.tools);
  const random = new Random(options.seed);
  const recipes = await writeRecipes(changes, material, tree, writer, options, random);

  const asked = candidates.flatMap((candidate) => {
    const own = random.fork(`pairs ${candidate}`);
    const plan = writePlan(changes, present(recipes[candidate]).recipe, { pairs: options.pairsAsked ?? 8, candidate, random: own });
    return plan.map((item) => ({ candidate, ...item, prompt: { ...changePrompt(item.change, material, tree), recipe: formatRecipe(present(recipes[candidate]).recipe), form: item.form }, seed: own.nextUint32() }));
  });
  const texts = await writer.generate(
    asked.map(({ prompt, seed, change, form }) => ({ prompt, adapter: options.policy, maxTokens: pairTokens, ...sampling, seed, stop: ['\n<|form_'], names: namesToWrite(form, groundOf(change, tree)) })),
    cancellable(options),
  );
  const leak = leakCheck(material.keptOut);
  return candidates.map((candidate) => {
    const mine = asked.flatMap((item, index) => (item.candidate === candidate ? [{ ...item, generated: present(texts[index]) }] : []));
    const { kept, dropped, counts, samples } = readPairs(mine, material, tree, structural, (pair) => leak(pair) !== null);
    const { recipe, sample } = present(recipes[candidate]);
    const allSamples = sample === null ? samples : [sample, ...samples];
    const draw = (own: typeof kept) => drawWithin({ own, structural: structural.pairs, recipe, budgetTokens: budgetFor(recipe, structural), countTokens: tree.tools.countTokens });
    const shared = { recipe, dropped: [...structural.dropped, ...dropped], written: counts, ...(sample === null ? {} : { recipeText: sample.text }) };
    if (counts.distinct < fewestDistinctPairs || counts.grounded < leastGroundedShare * counts.asked) return { ...shared, origin: 'structuralOnly', ...draw([]), samples: sample === null ? [] : [sample] };
    return { ...shared, origin: 'written', ...draw(kept), samples: allSamples };
  });
}

/** As many trained tokens as candidate 0 has in all its epochs: a recipe with more epochs buys them with fewer pairs. */
function budgetFor(recipe: Recipe, structural: SelfEdit): number {
  return (structural.tokens * structural.recipe.epochs) / recipe.epochs;
}

interface WrittenRecipe {
  readonly recipe: Recipe;
  /** Null where no line could be read and the default stands in. */
  readonly sample: WrittenSample | null;
}

/** One recipe per candidate, different from the earlier ones where the model wrote a different one. */
async function writeRecipes(changes: readonly Change[], material: CommitMaterial, tree: ParsedTree, writer: Writer, options: WriteOptions, random: Random): Promise<WrittenRecipe[]> {
  const asked = Array.from({ length: options.count * recipesAsked }, (_, index) => {
    const prompt: SelfEditPrompt = changePrompt(present(changes[Math.floor(index / recipesAsked) % changes.length]), material, tree);
    return { prompt, adapter: options.policy, maxTokens: recipeTokens, ...sampling, seed: random.fork(`recipe ${index}`).nextUint32(), stop: ['\n'] };
  });
  const texts = await writer.generate(asked, cancellable(options));
  const taken = new Set<string>();
  return Array.from({ length: options.count }, (_, candidate) => {
    const read = texts.slice(candidate * recipesAsked, (candidate + 1) * recipesAsked).flatMap(({ text }, turn) => {
      const recipe = parseRecipe(text);
      return recipe === null ? [] : [{ recipe, sample: { prompt: present(asked[candidate * recipesAsked + turn]).prompt, text } }];
    });
    const chosen = read.find(({ recipe }) => !taken.has(formatRecipe(recipe))) ?? read[0] ?? { recipe: defaultRecipe, sample: null };
    taken.add(formatRecipe(chosen.recipe));
    return chosen;
  });
}

interface Read {
  /** Per written pair its one or two training pairs. */
  readonly kept: readonly (readonly Pair[])[];
  readonly dropped: readonly DroppedPair[];
  readonly samples: readonly WrittenSample[];
  readonly counts: NonNullable<SelfEdit['written']>;
}

function readPairs(written: readonly (Asked & { readonly prompt: SelfEditPrompt; readonly generated: Generated })[], material: CommitMaterial, tree: ParsedTree, structural: SelfEdit, isLeak: (pair: Pair) => boolean): Read {
  const kept: Pair[][] = [];
  const dropped: DroppedPair[] = [];
  const samples: WrittenSample[] = [];
  const seen = new Set(structural.pairs.map((pair) => folded(pair.example.answer)));
  const counts = { asked: written.length, parsed: 0, grounded: 0, distinct: 0 };
  for (const { change, form, prompt, generated } of written) {
    const parsed = parseWrittenPair(form, generated);
    if (parsed.kind === 'dropped') {
      dropped.push(parsed.dropped);
      continue;
    }
    counts.parsed++;
    const { pair } = parsed;
    const drop = (reason: DroppedPair['reason']): void => void dropped.push({ form, text: `${pair.question}<|answer|>${pair.answer}`, reason });
    const reason = ungrounded(pair, groundOf(change, tree));
    if (reason !== null) {
      drop(reason);
      continue;
    }
    counts.grounded++;
    // The same fact asked twice is one pair; the same answer to another question is another.
    const key = folded(`${pair.question} ${pair.answer}`);
    if (seen.has(key) || seen.has(folded(pair.answer))) {
      drop('duplicate');
      continue;
    }
    seen.add(key);
    const pairs = writtenExamples(pair, { repository: material.repository, commit: material.commit, change }, tree).filter((example) => !isLeak(example));
    if (pairs.length === 0) {
      drop('heldOut');
      continue;
    }
    counts.distinct++;
    kept.push(pairs);
    samples.push({ prompt, text: generated.text });
  }
  return { kept, dropped, samples, counts };
}

export function cancellable({ signal }: { readonly signal?: AbortSignal }): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
