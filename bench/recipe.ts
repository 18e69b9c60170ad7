// Which training recipe teaches most per cost? For each of a repository's newest commits candidate 0's pairs are trained under several recipes, all
// from the base, and asked for the lines of the commit after it. `--repo PATH` with `--commits N`; default: the bundled demo project.
// Recipes that win here are chosen on this repository: judge them on another.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { materialise } from '../demo/materialise.ts';
import { present } from '../server/base/assert.ts';
import type { Recipe } from '../server/base/prompt.ts';
import { nextCommitItems } from '../server/evaluation/nextCommitItems.ts';
import type { Commit } from '../server/git/commit.ts';
import { installationAt, userCacheFolder } from '../server/installation.ts';
import { likelihoods } from '../server/learning/likelihoods.ts';
import { learning } from '../server/learning/constants.ts';
import { openWorkspace, type Workspace } from '../server/openWorkspace.ts';
import { pairedInterval } from '../server/reward/bootstrap.ts';
import { defaultRecipe } from '../server/selfEdit/recipe.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

interface Variant {
  readonly name: string;
  readonly budgetTokens: number;
  readonly tokensPerStep: number;
  readonly recipe: Partial<Recipe>;
}

const variants: readonly Variant[] = [
  { name: 'default', budgetTokens: learning.budgetTokens, tokensPerStep: 512, recipe: {} },
  { name: 'step256', budgetTokens: learning.budgetTokens, tokensPerStep: 256, recipe: {} },
  { name: 'step256lr3e-4', budgetTokens: learning.budgetTokens, tokensPerStep: 256, recipe: { learningRate: 3e-4 } },
  { name: 'step128lr3e-4', budgetTokens: learning.budgetTokens, tokensPerStep: 128, recipe: { learningRate: 3e-4 } },
  { name: 'step512lr6e-4', budgetTokens: learning.budgetTokens, tokensPerStep: 512, recipe: { learningRate: 6e-4 } },
];

export interface RecipeOptions {
  readonly repo?: string;
  readonly commits: number;
}

export async function recipe(options: RecipeOptions) {
  const scratch = mkdtempSync(join(tmpdir(), 'graft-bench-'));
  const folder = options.repo === undefined ? join(scratch, 'tally') : resolve(options.repo);
  if (options.repo === undefined) materialise(folder, join(root, 'node_modules'));
  const workspace = await openWorkspace({
    folder,
    storeRoot: join(scratch, 'versions'),
    installation: installationAt(root),
    cacheFolder: userCacheFolder(),
    authors: { kind: 'everyone' },
    runTests: false,
  });
  try {
    return await compare(workspace, options.commits);
  } finally {
    await workspace.dispose();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function compare(workspace: Workspace, limit: number) {
  const { learner } = workspace;
  const { model } = workspace.opened;
  const log = await workspace.repository.log({ to: 'HEAD', firstParent: true, limit });
  const commits = [...log].reverse();
  const general = learner.foreign.general;
  const [generalBase] = await likelihoods(model, general, [null]);
  const generalLoss = -meanOf(present(generalBase, 'general code'));
  const gains = new Map(variants.map(({ name }) => [name, [] as { id: string; cluster: string; value: number }[]]));
  const generalChanges = new Map(variants.map(({ name }) => [name, [] as number[]]));
  for (const [index, commit] of commits.entries()) {
    const items = await itemsAfter(workspace, commits.slice(index + 1));
    const { material } = await learner.source.extract({ base: commit.parents[0] ?? null, commits: [commit] });
    if (items.length === 0 || material.changes.length === 0) continue;
    const adapters: string[] = [];
    for (const { name, budgetTokens, tokensPerStep, recipe: changed } of variants) {
      const { pairs } = await learner.editors.structural({ ...material, keptOut: { probes: [], spans: [] } }, { budgetTokens, seed: 1 });
      if (pairs.length === 0) break;
      const examples = pairs.map(({ example }) => example);
      const [trained] = await model.train([{ name, examples, recipe: { ...defaultRecipe, ...changed }, seed: 1, from: null }], { tokensPerStep });
      adapters.push(present(trained, name).adapter);
    }
    if (adapters.length < variants.length) continue;
    const scored = items.map((item) => ({ id: item.id, path: item.path, example: { prompt: item.prompt, answer: item.answer } }));
    const [before, ...after] = await likelihoods(model, scored, [null, ...adapters]);
    const generalAfter = await likelihoods(model, general, adapters);
    for (const [v, { name }] of variants.entries()) {
      for (const item of items) {
        const value = (after[v]?.get(item.id) ?? 0) - (before?.get(item.id) ?? 0);
        gains.get(name)?.push({ id: `${commit.id}:${item.id}`, cluster: `${item.commit}:${item.path}`, value });
      }
      generalChanges.get(name)?.push(-meanOf(present(generalAfter[v], name)) / generalLoss - 1);
    }
    for (const adapter of adapters) await model.release(adapter);
  }
  const figures: Record<string, number> = {};
  const details: Record<string, unknown> = {};
  for (const { name } of variants) {
    const interval = pairedInterval(gains.get(name) ?? [], { seed: 1 });
    const changes = generalChanges.get(name) ?? [];
    figures[`gain.${name}`] = interval.mean;
    figures[`general.${name}`] = changes.reduce((sum, value) => sum + value, 0) / Math.max(changes.length, 1);
    details[name] = { ...interval, items: gains.get(name)?.length, commits: changes.length };
    console.log(`${name}  next-commit gain ${interval.mean.toFixed(4)} [${interval.low.toFixed(4)}, ${interval.high.toFixed(4)}]  general loss ${(100 * (figures[`general.${name}`] ?? 0)).toFixed(2)} %  ${changes.length} commits`);
  }
  return { figures, details };
}

/** The lines of the next commit that adds any. */
async function itemsAfter({ learner, repository, syntax, tools }: Workspace, later: readonly Commit[]) {
  for (const commit of later) {
    const parent = commit.parents[0];
    if (parent === undefined) continue;
    const { material } = await learner.source.extract({ base: parent, commits: [commit] });
    const paths = (await repository.readTree(parent)).map((entry) => entry.path).filter((path) => syntax.supports(path));
    const contents = await repository.readFiles(parent, paths);
    const parentFiles = new Map([...contents].flatMap(([path, content]) => (content.kind === 'text' ? [[path, content.text] as const] : [])));
    const items = nextCommitItems(
      { repository: repository.name, commit: commit.id, versions: material.versions, parentFiles, supports: (path) => syntax.supports(path), seed: 1, limit: 24 },
      tools,
    );
    if (items.length > 0) return items;
  }
  return [];
}

function meanOf(values: ReadonlyMap<string, number>): number {
  return [...values.values()].reduce((sum, value) => sum + value, 0) / Math.max(values.size, 1);
}
