// What does it take to let a project's tests decide? For each of a repository's newest commits the base model is compared with one small adapter
// by the tests that reach the spans. Figures are about verdicts and their cost, not about gain: the adapter has seen the project's code.
import { tmpdir } from 'node:os';
import { withScratchWorkspace } from '../demo/scratchWorkspace.ts';
import { present } from '../server/base/assert.ts';
import { Random } from '../server/base/random.ts';
import type { Sandbox } from '../server/base/sandbox.ts';
import type { Commit } from '../server/git/commit.ts';
import { nodeFiles } from '../server/host/nodeFiles.ts';
import { createLinuxSandbox } from '../server/host/sandbox.ts';
import { learning } from '../server/learning/constants.ts';
import { structuralRecipe } from '../server/learning/structuralRecipe.ts';
import { commitTree, installedDependencies } from '../server/learning/testedCommits.ts';
import type { Workspace } from '../server/openWorkspace.ts';
import { createMeasures } from '../server/reward/createMeasures.ts';
import type { FillIn } from '../server/reward/model.ts';
import { createOutcomeCache } from '../server/reward/outcomeCache.ts';
import { structuralSelfEdit } from '../server/selfEdit/structuralSelfEdit.ts';
import { mean } from './mean.ts';

export interface SpansOptions {
  readonly repo?: string;
  readonly commits: number;
}

export function spans({ repo, commits }: SpansOptions) {
  return withScratchWorkspace({ repo, runTests: true }, (workspace) => compare(workspace, { limit: commits, fillIn: workspace.opened.model, sandbox: createLinuxSandbox() }));
}

interface Judging {
  readonly limit: number;
  readonly fillIn: FillIn;
  readonly sandbox: Sandbox;
}

export async function compare(workspace: Workspace, { limit, fillIn, sandbox }: Judging) {
  const { learner, repository, syntax, opened } = workspace;
  const tools = { ...workspace.tools, syntax };
  const commits = await commitsOf(workspace, limit);
  const adapter = await smallAdapter(workspace, commits);
  const timed = timing(fillIn);
  const counted = counting(sandbox);
  const trees = { repository, files: nodeFiles, temporaryFolder: tmpdir(), random: new Random(`${process.pid}`) };
  const measures = createMeasures({
    tools,
    fillIn: timed.fillIn,
    sandbox: counted.sandbox,
    treeOf: (commit) => commitTree(commit, trees),
    installed: () => installedDependencies(repository, nodeFiles),
    knownHalves: async () => new Map(),
    cache: createOutcomeCache(),
    budget: { probes: learning.probes },
  });
  const rows = [];
  try {
    for (const commit of commits) {
      const { material } = await learner.source.extract({ base: commit.parents[0] ?? null, commits: [commit] });
      if (material.versions.length === 0) continue;
      const { spans: masked, notes } = await measures.items(material);
      const [runsBefore, fillSecondsBefore, runSecondsBefore] = [counted.runs(), timed.seconds(), counted.seconds()];
      const outcome = await measures.compareTests({ commit: commit.id, spans: masked, active: null, candidate: adapter, seed: 1 });
      const row = {
        commit: commit.id.slice(0, 8),
        subject: commit.subject,
        candidates: masked.length,
        verdict: outcome.kind === 'compared' ? outcome.comparison.verdict : outcome.kind,
        informative: outcome.kind === 'compared' ? outcome.comparison.informative : 0,
        before: outcome.kind === 'compared' ? outcome.comparison.before : 0,
        after: outcome.kind === 'compared' ? outcome.comparison.after : 0,
        runs: counted.runs() - runsBefore,
        runSeconds: counted.seconds() - runSecondsBefore,
        fillSeconds: timed.seconds() - fillSecondsBefore,
        note: [...notes, outcome.note ?? ''].join('; '),
      };
      rows.push(row);
      const figures = `${row.runs} runs in ${row.runSeconds.toFixed(1)} s, fill-ins ${row.fillSeconds.toFixed(1)} s`;
      console.error(`${row.commit} ${row.subject.slice(0, 40).padEnd(40)} ${row.verdict.padEnd(12)} ${row.informative} spans, ${row.before} to ${row.after} passes; ${figures}; ${row.note}`);
    }
  } finally {
    await measures.dispose();
    await opened.model.release(adapter);
  }
  const decided = rows.filter(({ verdict }) => verdict === 'better' || verdict === 'same' || verdict === 'worse');
  const figures = {
    commits: rows.length,
    decided: decided.length,
    'decided.share': decided.length / Math.max(rows.length, 1),
    // Some passes and some failures: only there can a difference show both ways.
    'decided.mixed': decided.filter(({ before, after, informative }) => before + after > 0 && before + after < 4 * informative).length,
    runsPerCommit: mean(rows.map(({ runs }) => runs)),
    mostRuns: Math.max(0, ...rows.map(({ runs }) => runs)),
    runSecondsPerCommit: mean(rows.map(({ runSeconds }) => runSeconds)),
    fillSecondsPerCommit: mean(rows.map(({ fillSeconds }) => fillSeconds)),
  };
  return { figures, details: rows };
}

/** Oldest first; of the demo also the branch. */
async function commitsOf({ repository }: Workspace, limit: number): Promise<Commit[]> {
  const log = await repository.log({ to: 'HEAD', firstParent: true, limit });
  const branch = (await repository.commit('refs/heads/multi-user')) === null ? [] : await repository.log({ to: 'refs/heads/multi-user', except: log.slice(0, 1).map(({ id }) => id) });
  return [...[...log].reverse(), ...[...branch].reverse()];
}

/** Candidate 0 of all these commits as one. */
async function smallAdapter({ learner, tools, syntax, opened: { model } }: Workspace, commits: readonly Commit[]): Promise<string> {
  const { material } = await learner.source.extract({ base: commits[0]?.parents[0] ?? null, commits });
  const { pairs } = structuralSelfEdit({ ...material, keptOut: { probes: [], spans: [] } }, { tools: { ...tools, syntax }, budgetTokens: learning.budgetTokens, recipe: structuralRecipe, seed: 1 });
  const [trained] = await model.train([{ name: 'spans', examples: pairs.map(({ example }) => example), recipe: structuralRecipe, seed: 1, from: null }]);
  return present(trained, 'adapter').adapter;
}

function timing(inner: FillIn): { readonly fillIn: FillIn; seconds(): number } {
  let total = 0;
  const generate: FillIn['generate'] = async (items, options) => {
    const startMs = performance.now();
    const generated = await inner.generate(items, options);
    total += (performance.now() - startMs) / 1000;
    return generated;
  };
  return { fillIn: { generate }, seconds: () => total };
}

function counting(inner: Sandbox): { readonly sandbox: Sandbox; runs(): number; seconds(): number } {
  let runs = 0;
  let total = 0;
  const open: Sandbox['open'] = (ground) => {
    const opened = inner.open(ground);
    return {
      ...opened,
      async run(batch) {
        const startMs = performance.now();
        const result = await opened.run(batch);
        runs += batch.variants.length;
        total += (performance.now() - startMs) / 1000;
        return result;
      },
    };
  };
  return { sandbox: { ...inner, open }, runs: () => runs, seconds: () => total };
}
