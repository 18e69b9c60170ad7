// ReST-EM: which self-edits count as winners, and when a policy trained on them takes over.
import { describe, expect, it } from 'vitest';
import { learning } from '../../../server/learning/constants.ts';
import { collectWinners, trainEditorPolicy } from '../../../server/learning/restEm.ts';
import { activePolicy } from '../../../server/store/editorPolicy.ts';
import { forget } from '../../../server/store/forget.ts';
import { recordCycle } from '../../../server/store/recordCycle.ts';
import type { CandidateRecord } from '../../../server/store/version.ts';
import type { MemoryFiles } from '../../support/memoryFiles.ts';
import { cycleOf, modelHash, sampleRecipe, sampleVersion } from '../../support/sampleVersion.ts';
import { scenario } from '../../support/wakeScenario.ts';
import type { StoreAccess } from '../../../server/store/storeAccess.ts';

function candidate(name: string, gain: number | null): CandidateRecord {
  const prompt = { kind: 'selfEdit', repository: 'demo', changeKind: 'added', declarationKind: 'function', name, path: 'src/a.ts', before: '', after: `function ${name}() {}` };
  return { name, recipe: sampleRecipe, pairs: 8, modelPairs: 1, gainOverStructural: gain, written: name === 'structural' ? [] : [{ prompt, text: `${name} wrote this` }] };
}

/** One rejected version per list of candidates: what a candidate wrote can win though its adapter was not promoted. */
async function recordCandidates(store: StoreAccess, disk: MemoryFiles, cycles: readonly (readonly CandidateRecord[])[]): Promise<void> {
  for (const [index, candidates] of cycles.entries()) {
    const commit = `c${index}`;
    const version = await sampleVersion(disk, { commit, weights: `w${index}`, verdict: { kind: 'rejected', reason: 'noGain', explanation: '' } });
    await recordCycle(store, { ...cycleOf({ commit, active: null }), outcome: { kind: 'rejected', reason: 'noGain', rejected: { ...version, details: { ...version.details, candidates } } } });
  }
}

const winning = (gain: number): readonly CandidateRecord[] => [candidate('structural', 0), candidate('written-1', gain), candidate('written-2', gain / 2)];

describe('winners', () => {
  it('are the best written self-edit of each cycle, where it gained on candidate 0', async () => {
    const { collaborators, disk } = scenario();
    await recordCandidates(collaborators.store, disk, [
      winning(0.2),
      winning(-0.1),
      [candidate('structural', 0)],
      [candidate('written-1', null)],
      winning(learning.restEm.minimumGain / 2),
      winning(0.3),
    ]);
    const winners = await collectWinners(collaborators);
    expect(winners.map(({ gain, commits }) => [gain, commits])).toEqual([
      [0.3, ['c5']],
      [0.2, ['c0']],
    ]);
    expect(winners[0]?.examples).toEqual([{ prompt: expect.objectContaining({ kind: 'selfEdit', name: 'written-1' }), answer: 'written-1 wrote this' }]);
  });

  it('are looked for past a version whose folder is damaged', async () => {
    const { collaborators, disk } = scenario();
    await recordCandidates(collaborators.store, disk, [winning(0.2), winning(0.3)]);
    const [best] = await collectWinners(collaborators);
    await disk.write(`/repo/.git/graft/versions/${best?.version}/pairs.jsonl`, 'torn');
    expect((await collectWinners(collaborators)).map(({ gain }) => gain)).toEqual([0.2]);
  });
});

describe('the editor policy', () => {
  const enough = Array.from({ length: learning.restEm.minimumWinners }, (_, i) => winning(0.1 + i / 100));

  it('is trained from the base on the winners and takes over when unseen winners became likelier', async () => {
    const { collaborators, model, disk } = scenario({ score: (_kind, adapter) => (adapter === null ? -2 : -1) });
    await recordCandidates(collaborators.store, disk, enough);
    const outcome = await trainEditorPolicy(collaborators, { seed: 1 });
    expect(outcome).toMatchObject({ kind: 'trained', policy: { round: 1, parent: null } });
    expect(model.trained[0]?.from).toBeNull();
    expect(model.trained[0]?.examples).toHaveLength(enough.length - Math.ceil(enough.length / 5));
    expect((await activePolicy(collaborators.store, modelHash))?.manifest.round).toBe(1);
    expect(await trainEditorPolicy(collaborators, { seed: 1 })).toMatchObject({ kind: 'kept', why: 'nothingNew' });
    expect(model.handles.size).toBe(0);
  });

  it('stays as it is when the new one is no better on unseen winners', async () => {
    const { collaborators, disk } = scenario({ score: () => -2 });
    await recordCandidates(collaborators.store, disk, enough);
    expect(await trainEditorPolicy(collaborators, { seed: 1 })).toMatchObject({ kind: 'kept', why: 'notBetter' });
    expect(await activePolicy(collaborators.store, modelHash)).toBeNull();
  });

  it('is set aside when it is damaged, and dropped when a commit that taught it is forgotten', async () => {
    const { collaborators, disk } = scenario({ score: (_kind, adapter) => (adapter === null ? -2 : -1) });
    const { store } = collaborators;
    await recordCandidates(store, disk, enough);
    await trainEditorPolicy(collaborators, { seed: 1 });
    const folder = (await activePolicy(store, modelHash))?.folder ?? '';
    await forget(store, { commits: ['c3'] });
    expect(await activePolicy(store, modelHash)).toBeNull();
    expect(await disk.stat(folder)).toBeUndefined();

    const again = scenario({ score: (_kind, adapter) => (adapter === null ? -2 : -1) });
    await recordCandidates(again.collaborators.store, again.disk, enough);
    await trainEditorPolicy(again.collaborators, { seed: 1 });
    const damaged = (await activePolicy(again.collaborators.store, modelHash))?.folder ?? '';
    await again.disk.write(`${damaged}/adapter_model.safetensors`, 'torn');
    expect(await activePolicy(again.collaborators.store, modelHash)).toBeNull();
    expect(await again.disk.list('/repo/.git/graft/aside')).toHaveLength(2);
  });
});
