// Which training recipe teaches most per cost? For each of a repository's newest commits candidate 0's pairs are trained under several recipes, all
// from the base, and asked for the lines of the commit after it. `--repo PATH` with `--commits N`; default: the bundled demo project.
// Recipes that win here are chosen on this repository: judge them on another.
import { withScratchWorkspace } from '../demo/scratchWorkspace.ts';
import { present } from '../server/base/assert.ts';
import type { Recipe } from '../server/base/prompt.ts';
import { likelihoods, meanOf } from '../server/learning/likelihoods.ts';
import { learning } from '../server/learning/constants.ts';
import { structuralRecipe } from '../server/learning/structuralRecipe.ts';
import type { Workspace } from '../server/openWorkspace.ts';
import { pairedInterval } from '../server/reward/bootstrap.ts';
import type { CommitMaterial } from '../server/selfEdit/commitMaterial.ts';
import { structuralSelfEdit } from '../server/selfEdit/structuralSelfEdit.ts';
import { itemsAfter } from './itemsAfter.ts';
import { mean } from './mean.ts';

interface Variant {
  readonly name: string;
  /** Absent: as the product does. */
  readonly budgetTokens?: number;
  readonly tokensPerStep?: number;
  readonly recipe?: Partial<Recipe>;
  /** How much of the step is kept; default: all of it. */
  readonly shares?: readonly number[];
}

const variants: readonly Variant[] = [
  { name: 'default', shares: [1, 0.5] },
  { name: 'learningRate 3e-4', recipe: { learningRate: 3e-4 } },
  { name: 'learningRate 6e-4', recipe: { learningRate: 6e-4 } },
  { name: '512 tokens a step', tokensPerStep: 512 },
  { name: '8192 tokens', budgetTokens: 8192 },
];

export interface RecipeOptions {
  readonly repo?: string;
  readonly commits: number;
}

export function recipe({ repo, commits }: RecipeOptions) {
  return withScratchWorkspace({ repo, runTests: false }, (workspace) => compare(workspace, commits));
}

async function compare(workspace: Workspace, limit: number) {
  const { learner } = workspace;
  const { model } = workspace.opened;
  const log = await workspace.repository.log({ to: 'HEAD', firstParent: true, limit });
  const commits = [...log].reverse();
  const general = learner.foreign.general;
  const [generalBase] = await likelihoods(model, general, [null]);
  const generalLoss = -meanOf(present(generalBase, 'general code'));
  const tried = variants.flatMap((variant) => (variant.shares ?? [1]).map((share) => (share === 1 ? variant.name : `${variant.name} x ${share}`)));
  const gains = new Map(tried.map((name) => [name, [] as { id: string; cluster: string; value: number }[]]));
  const generalChanges = new Map(tried.map((name) => [name, [] as number[]]));
  for (const [index, commit] of commits.entries()) {
    const items = await itemsAfter(workspace, commits.slice(index + 1));
    const { material } = await learner.source.extract({ base: commit.parents[0] ?? null, commits: [commit] });
    if (items.length === 0 || material.changes.length === 0) continue;
    const adapters = await train(workspace, material);
    if (adapters.length === 0) continue;
    const [before, ...after] = await likelihoods(model, items, [null, ...adapters]);
    const generalAfter = await likelihoods(model, general, adapters);
    for (const [t, name] of tried.entries()) {
      for (const item of items) {
        const value = (after[t]?.get(item.id) ?? 0) - (before?.get(item.id) ?? 0);
        gains.get(name)?.push({ id: `${commit.id}:${item.id}`, cluster: item.path, value });
      }
      generalChanges.get(name)?.push(-meanOf(present(generalAfter[t], name)) / generalLoss - 1);
    }
    for (const adapter of adapters) await model.release(adapter);
    const soFar = (name: string): string => `${name} ${mean((gains.get(name) ?? []).map(({ value }) => value)).toFixed(3)} (${(100 * mean(generalChanges.get(name) ?? [])).toFixed(1)} %)`;
    console.error(`${commit.id.slice(0, 8)} ${commit.subject.slice(0, 50)}: ${tried.map(soFar).join(', ')}`);
  }
  const figures: Record<string, number> = {};
  const details: Record<string, unknown> = {};
  for (const name of tried) {
    const interval = pairedInterval(gains.get(name) ?? [], { seed: 1 });
    const changes = generalChanges.get(name) ?? [];
    figures[`gain.${name}`] = interval.mean;
    figures[`generalLossChange.${name}`] = mean(changes);
    details[name] = { ...interval, items: gains.get(name)?.length, commits: changes.length };
  }
  return { figures, details };
}

/** One adapter per variant and share, from the base; none if the commit has no pairs. */
async function train({ opened: { model }, tools, syntax }: Workspace, material: Omit<CommitMaterial, 'keptOut'>): Promise<string[]> {
  const adapters: string[] = [];
  for (const { name, budgetTokens = learning.budgetTokens, tokensPerStep, recipe: changed, shares = [1] } of variants) {
    const { pairs } = structuralSelfEdit(
      { ...material, keptOut: { probes: [], spans: [] } },
      { tools: { ...tools, syntax }, budgetTokens, recipe: structuralRecipe, seed: 1 },
    );
    if (pairs.length < learning.minimumPairs) return [];
    const candidate = { name, examples: pairs.map(({ example }) => example), recipe: { ...structuralRecipe, ...changed }, seed: 1, from: null };
    const [trained] = await model.train([candidate], tokensPerStep === undefined ? {} : { tokensPerStep });
    const { adapter } = present(trained, name);
    for (const share of shares) adapters.push(share === 1 ? adapter : await model.interpolate(null, adapter, share));
  }
  return adapters;
}
