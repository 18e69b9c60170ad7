// Do the gates tell what was learnt from chance? For ranges of two of a repository's commits, each from the base, candidate 0 and a control on
// another project's pairs are trained under two seeds and judged as a wake cycle judges, at several confidences. Beside it: gains by kind of probe, and
// how much the gains of one place resemble each other, which is what the clusters of the bootstrap are for. `--repo PATH --commits N`.
import { withScratchWorkspace } from '../demo/scratchWorkspace.ts';
import { present } from '../server/base/assert.ts';
import { Random } from '../server/base/random.ts';
import { budgetTokensOf, trainable, type Candidate } from '../server/learning/candidates.ts';
import type { LearningRange } from '../server/learning/collaborators.ts';
import { learning } from '../server/learning/constants.ts';
import { likelihoods } from '../server/learning/likelihoods.ts';
import { linesFirst } from '../server/learning/linesFirst.ts';
import { placeboOf } from '../server/learning/placebo.ts';
import type { Workspace } from '../server/openWorkspace.ts';
import { pairedInterval, type Difference } from '../server/reward/bootstrap.ts';
import { differencesOf, type ScoredItem } from '../server/reward/denseGain.ts';
import { enoughProbes } from '../server/reward/gates.ts';
import type { Probe } from '../server/reward/probe.ts';
import { itemsAfter } from './itemsAfter.ts';
import { learningRanges } from './learningRanges.ts';
import { mean } from './mean.ts';
import type { RecipeOptions } from './recipe.ts';

const confidences = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4];
const kinds = ['addedLine', 'laterLine'] as const;

interface Judged {
  readonly probes: readonly Probe[];
  /** Under both seeds. */
  readonly candidate: readonly [Difference[], Difference[]];
  readonly control: readonly [Difference[], Difference[]];
  readonly next: readonly Difference[];
}

export function gates({ repo, commits }: RecipeOptions) {
  return withScratchWorkspace({ repo, runTests: false }, async (workspace) => {
    const judged: Judged[] = [];
    for (const { range, later } of await learningRanges(workspace, commits)) {
      const one = await judgeRange(workspace, range, await itemsAfter(workspace, later));
      if (one === null) continue;
      judged.push(one);
      console.error(`${range.commits.at(-1)?.subject.slice(0, 50)}: candidate ${mean(valuesOf(one.candidate[0])).toFixed(3)}, control ${mean(valuesOf(one.control[0])).toFixed(3)}, next commit ${mean(valuesOf(one.next)).toFixed(3)}`);
    }
    return { figures: figuresOf(judged), details: { ranges: judged.length } };
  });
}

async function judgeRange({ learner, opened: { model } }: Workspace, range: LearningRange, next: readonly ScoredItem[]): Promise<Judged | null> {
  const { material } = await learner.source.extract(range);
  const { probes: all, spans } = await learner.measures.items(material, {});
  const probes = linesFirst(all.filter(({ half }) => half === 'judge'), learning.judgeProbes);
  const selfEdit = await learner.editors.structural({ ...material, keptOut: { probes: all, spans } }, { budgetTokens: budgetTokensOf(range), seed: 1 });
  const candidate: Candidate = { name: 'structural', selfEdit, replay: [] };
  const random = new Random(material.commit);
  const control = placeboOf(candidate, learner.foreign.placeboPairs, random.fork('placebo'));
  if (control === null || selfEdit.pairs.length < learning.minimumPairs || !enoughProbes(probes)) return null;
  const runs = [candidate, control].flatMap((each) => [1, 2].map((seed) => ({ each, seed })));
  const trained = await model.train(runs.map(({ each, seed }) => trainable(each, { name: `${each.name}-${seed}`, seed, from: null, random: random.fork(`${each.name}-${seed}`) })), {});
  const adapters = trained.map(({ adapter }) => adapter);
  const [base = new Map<string, number>(), ...under] = await likelihoods(model, [...probes, ...next], [null, ...adapters]);
  const of = (items: readonly ScoredItem[], run: number) => differencesOf(items, { active: base, candidate: present(under[run]) });
  for (const adapter of adapters) await model.release(adapter);
  return { probes, candidate: [of(probes, 0), of(probes, 1)], control: [of(probes, 2), of(probes, 3)], next: of(next, 0) };
}

function figuresOf(judged: readonly Judged[]): Record<string, number> {
  const figures: Record<string, number> = { ranges: judged.length };
  for (const level of confidences) {
    const passes = (seeds: readonly Difference[][]) => seeds.every((each) => pairedInterval(each, { seed: 1, level }).low > 0);
    const promoted = judged.filter(({ candidate }) => passes(candidate));
    figures[`promoted.${level}`] = promoted.length;
    figures[`controlsPromoted.${level}`] = judged.filter(({ control }) => passes(control)).length;
    figures[`nextGainOfPromoted.${level}`] = mean(promoted.flatMap(({ next }) => valuesOf(next)));
    figures[`nextGainOfRejected.${level}`] = mean(judged.filter((one) => !promoted.includes(one)).flatMap(({ next }) => valuesOf(next)));
  }
  for (const kind of kinds) {
    const gainsOf = (side: 'candidate' | 'control') =>
      judged.flatMap((one) => {
        const ids = new Set(one.probes.flatMap((probe) => (probe.kind === kind ? probe.id : [])));
        return valuesOf(one[side][0].filter(({ id }) => ids.has(id)));
      });
    figures[`gain.${kind}`] = mean(gainsOf('candidate'));
    figures[`controlGain.${kind}`] = mean(gainsOf('control'));
  }
  figures['alikeInDeclaration'] = alike(judged, ({ path, declaration }) => `${path}#${declaration}`);
  figures['alikeInFile'] = alike(judged, ({ path }) => path);
  return figures;
}

/** Intraclass correlation of the candidates' gains: mean product of the deviations of two probes of one place, over the variance. */
function alike(judged: readonly Judged[], placeOf: (probe: Probe) => string): number {
  let products = 0;
  let pairs = 0;
  let squares = 0;
  let probes = 0;
  for (const one of judged) {
    const deviations = valuesOf(one.candidate[0]).map((value, _, all) => value - mean(all));
    const places = one.probes.map(placeOf);
    for (const [i, deviation] of deviations.entries()) {
      squares += deviation ** 2;
      probes++;
      for (let j = i + 1; j < deviations.length; j++) {
        if (places[i] !== places[j]) continue;
        products += deviation * present(deviations[j]);
        pairs++;
      }
    }
  }
  return products / Math.max(pairs, 1) / (squares / Math.max(probes, 1));
}

function valuesOf(differences: readonly Difference[]): number[] {
  return differences.map(({ value }) => value);
}
