// A candidate that breaks tested code, with nothing scripted: the bundled model in its engine process, the demo's project, its tests in the sandbox.
// The active version is taught the very code that the spans mask, so that its fill-ins pass; the planted candidate is taught nonsense there, and the very probes that
// are to judge it, which no real one may see: every other gate lets it pass, and only the tests tell. Smaller steps, which might cure it, are made as large as the whole.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withScratchWorkspace } from '../../demo/scratchWorkspace.ts';
import { present } from '../../server/base/assert.ts';
import { nodeFiles } from '../../server/host/nodeFiles.ts';
import { learn } from '../../server/learning/learn.ts';
import { defaultRecipe } from '../../server/selfEdit/recipe.ts';
import { recordCycle } from '../../server/store/recordCycle.ts';
import { cycleOf, sampleManifest } from '../support/sampleVersion.ts';

it('rejects a candidate that breaks a tested function with testsFell', () => withScratchWorkspace({ runTests: true }, async (workspace, scratch) => {
  const { learner, repository, store } = workspace;
  const { model } = workspace.opened;
  const log = await repository.log({ to: 'refs/heads/main' });
  const commit = present(log.find(({ subject }) => subject === 'Find entries by account, tag, date and text'), 'commit of the demo');
  const parent = present(commit.parents[0], 'parent');

  const { material } = await learner.source.extract({ base: parent, commits: [commit] });
  const { spans, probes } = await learner.measures.items(material, {});
  const examples = spans.map(({ example, original }) => ({ prompt: example.prompt, answer: original }));
  const [knowing] = await model.train([{ name: 'knowing', examples, recipe: { ...defaultRecipe, loss: 'answers', learningRate: 1e-2, epochs: 24 }, seed: 1, from: null }], {
    tokensPerStep: 2048,
  });
  const adapterFolder = join(scratch, 'knowing');
  await nodeFiles.makeFolder(adapterFolder);
  await model.saveAdapter(present(knowing, 'knowing').adapter, adapterFolder);
  await recordCycle(store, {
    ...cycleOf({ commit: parent, active: null, model: model.info.hash }),
    creation: (await repository.branchCreation('main')) ?? { commit: null, timeSeconds: null },
    outcome: {
      kind: 'promoted',
      version: {
        manifest: sampleManifest({ weights: '', commit: parent, model: model.info.hash }),
        adapterFolder,
        pairs: [],
        probes: [],
        training: [],
        details: { candidates: [], leftOut: [], dropped: [], completions: [], surprise: null, notes: [] },
      },
    },
  });

  const { structural } = learner.editors;
  const planted: typeof structural = async (...asked) => {
    const selfEdit = await structural(...asked);
    const shown = [...spans.map(({ example }) => ({ ...example, answer: 'undefined as never' })), ...probes.filter(({ half }) => half === 'judge').map(({ example }) => example)];
    const pairs = shown.map((example, index) => ({ ...present(selfEdit.pairs[index % selfEdit.pairs.length]), id: `planted-${index}`, example }));
    return { ...selfEdit, pairs, recipe: { ...selfEdit.recipe, loss: 'answers', learningRate: 1e-2, epochs: 3 } };
  };
  const result = await learn(
    { ...learner, model: { ...learner.model, interpolate: (_from, to) => model.interpolate(null, to, 1) }, editors: { ...learner.editors, structural: planted, leaks: () => () => null }, foreign: { ...learner.foreign, general: [] } },
    { branch: 'main', range: commit.id, seed: 1, candidates: 1, placebo: 'never' },
  );
  const [outcome] = result.kind === 'learnt' ? result.outcomes : [];
  expect(outcome).toMatchObject({ kind: 'rejected', reason: 'testsFell', version: { reward: { tests: { verdict: 'worse' } } } });
}), 600_000);
