// Do updates go on helping? Ranges of two of a repository's commits are learnt one after the other, candidate 0 only and each taken whatever the gates
// would say, and beside that chain every range from the base. Asked: its own probes, the lines of the next commit, the probes of the ranges before, code of other projects.
// `--repo PATH --commits N`; default: the bundled demo project.
import { withScratchWorkspace } from '../demo/scratchWorkspace.ts';
import { present } from '../server/base/assert.ts';
import type { AdapterHandle } from '../server/base/prompt.ts';
import { Random } from '../server/base/random.ts';
import { budgetTokensOf, makeCandidates, trainable } from '../server/learning/candidates.ts';
import type { LearningRange } from '../server/learning/collaborators.ts';
import { learning } from '../server/learning/constants.ts';
import { likelihoods, meanOf } from '../server/learning/likelihoods.ts';
import { linesFirst } from '../server/learning/linesFirst.ts';
import type { Workspace } from '../server/openWorkspace.ts';
import type { ScoredItem } from '../server/reward/denseGain.ts';
import type { Probe } from '../server/reward/probe.ts';
import type { StoredPair } from '../server/selfEdit/selectReplay.ts';
import { itemsAfter } from './itemsAfter.ts';
import { learningRanges } from './learningRanges.ts';
import { mean } from './mean.ts';
import type { RecipeOptions } from './recipe.ts';

/** What the chain has behind it. */
interface Chain {
  readonly adapter: AdapterHandle;
  readonly pairs: readonly StoredPair[];
  readonly probes: readonly Probe[];
}

export function chain({ repo, commits }: RecipeOptions) {
  return withScratchWorkspace({ repo, runTests: false }, async (workspace) => {
    let learnt: Chain = { adapter: null, pairs: [], probes: [] };
    const rows: Record<string, number>[] = [];
    for (const { range, later } of await learningRanges(workspace, commits)) {
      const step = await learnRange(workspace, range, { learnt, next: await itemsAfter(workspace, later) });
      if (step === null) continue;
      learnt = step.learnt;
      rows.push(step.row);
      console.error(`${range.commits.at(-1)?.subject.slice(0, 50)}: ${Object.entries(step.row).map(([name, value]) => `${name} ${value.toFixed(4)}`).join(', ')}`);
    }
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const over = (name: string, of: readonly Record<string, number>[]): number => mean(of.flatMap((row) => row[name] ?? []));
    const later = names.map((name) => [`third on: ${name}`, over(name, rows.slice(2))]);
    return { figures: { ranges: rows.length, ...Object.fromEntries([...names.map((name) => [name, over(name, rows)]), ...later]) }, details: rows };
  });
}

async function learnRange({ learner, opened: { model } }: Workspace, range: LearningRange, { learnt, next }: { learnt: Chain; next: readonly ScoredItem[] }) {
  const { material } = await learner.source.extract(range);
  const { probes: drawn, spans } = await learner.measures.items(material, {});
  const keptOut = { probes: [...drawn, ...learnt.probes], spans };
  const random = new Random(material.commit);
  const candidateFrom = async (from: AdapterHandle) => {
    const request = { material: { ...material, keptOut }, editors: learner.editors, policy: null, older: from === null ? [] : learnt.pairs, struck: new Set<string>(), edited: new Map<string, string>() };
    const [candidate] = await makeCandidates({ ...request, count: 1, budgetTokens: budgetTokensOf(range), rank: learning.rank, continued: from !== null, random });
    return { candidate: present(candidate), trainable: trainable(present(candidate), { seed: 1, from, random: random.fork('order') }) };
  };
  const [continued, fresh] = [await candidateFrom(learnt.adapter), await candidateFrom(null)];
  const { pairs } = continued.candidate.selfEdit;
  if (pairs.length < learning.minimumPairs) return null;
  const trained = await model.train([continued.trainable, fresh.trainable], {});
  const further = await model.interpolate(learnt.adapter, present(trained[0]).adapter, learning.furtherStep);
  const adapters = [null, learnt.adapter, ...trained.map(({ adapter }) => adapter), further];
  const [probes, older] = [linesFirst(drawn, learning.judgeProbes), learnt.probes.slice(0, learning.retentionProbes)];
  const { general } = learner.foreign;
  const [base = new Map(), before = new Map(), after = new Map(), alone = new Map(), bold = new Map()] = await likelihoods(model, [...probes, ...next, ...older, ...general], adapters);
  const gain = (items: readonly ScoredItem[], of: ReadonlyMap<string, number>, over: ReadonlyMap<string, number>): number => mean(items.map(({ id }) => (of.get(id) ?? 0) - (over.get(id) ?? 0)));
  const lossOn = (of: ReadonlyMap<string, number>): number => -meanOf(new Map(general.map(({ id }) => [id, of.get(id) ?? 0])));
  const row: Record<string, number> = {
    'probes, over the version before': gain(probes, after, before),
    'probes, the further step over the version before': gain(probes, bold, before),
    'probes, over the base': gain(probes, after, base),
    'probes, from the base alone': gain(probes, alone, base),
    ...(next.length === 0 ? {} : { 'next commit, over the version before': gain(next, after, before), 'next commit, the further step over the version before': gain(next, bold, before), 'next commit, over the base': gain(next, after, base), 'next commit, from the base alone': gain(next, alone, base) }),
    ...(older.length === 0 ? {} : { 'older probes, over the version before': gain(older, after, before) }),
    'general loss, over the base': lossOn(after) / lossOn(base) - 1,
  };
  for (const done of [learnt.adapter, present(trained[1]).adapter, further]) if (done !== null) await model.release(done);
  const stored = pairs.map((pair) => ({ pair, version: material.commit, age: 0 }));
  return { row, learnt: { adapter: present(trained[0]).adapter, pairs: [...stored, ...learnt.pairs.map((each) => ({ ...each, age: each.age + 1 }))], probes: [...drawn, ...learnt.probes] } };
}
