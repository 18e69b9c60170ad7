// What is read back is what was written, or it is refused: damaged, foreign and wrong-base versions, and the moves of a branch.
import { describe, expect, it } from 'vitest';
import { activeVersion } from '../../../server/store/activeVersion.ts';
import { lineOf, readBranch, readBranches } from '../../../server/store/branchFile.ts';
import { collectGarbage } from '../../../server/store/collectGarbage.ts';
import { forget, readForgotten, whatForgetDrops } from '../../../server/store/forget.ts';
import { readJournal } from '../../../server/store/journal.ts';
import { activate, createBranch, isAnotherBranch, reset } from '../../../server/store/movePointer.ts';
import { branchFileName } from '../../../server/store/paths.ts';
import { recordCycle } from '../../../server/store/recordCycle.ts';
import { readStruck, strikePairs } from '../../../server/store/struckPairs.ts';
import { exportVersion, importVersion } from '../../../server/store/transfer.ts';
import { readVersion } from '../../../server/store/versionFolder.ts';
import { ManualClock } from '../../support/manualClock.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { cycleOf, memoryStore, modelHash, otherModelHash, promote, promoteChain, sampleVersion } from '../../support/sampleVersion.ts';

const root = '/repo/.git/graft';
const main = { branch: 'main', modelHash };

async function chainOfThree() {
  const disk = new MemoryFiles();
  const store = memoryStore(disk);
  const [a = '', b = '', c = ''] = await promoteChain(store, disk, ['c1', 'c2', 'c3']);
  return { disk, store, a, b, c };
}

describe('a version', () => {
  it('reads back what was written', async () => {
    const { disk, store, c } = await chainOfThree();
    const read = await readVersion(store, c);
    const written = await sampleVersion(disk, { commit: 'c3', weights: 'weights-main-c3' });
    expect(read.pairs).toEqual(written.pairs);
    expect(read.probes).toEqual(written.probes);
    expect(read.training).toEqual(written.training);
    expect(read.details).toEqual(written.details);
  });

  it('has the same id when the same cycle is recorded again', async () => {
    const first = await chainOfThree();
    const second = await chainOfThree();
    expect(second.c).toBe(first.c);
  });

  it.each([
    ['weights altered', (disk: MemoryFiles, folder: string) => disk.write(`${folder}/adapter_model.safetensors`, 'other')],
    ['weights truncated', (disk: MemoryFiles, folder: string) => disk.write(`${folder}/adapter_model.safetensors`, 'wei')],
    ['weights missing', (disk: MemoryFiles, folder: string) => disk.remove(`${folder}/adapter_model.safetensors`)],
    ['pairs missing', (disk: MemoryFiles, folder: string) => disk.remove(`${folder}/pairs.jsonl`)],
    ['no manifest', (disk: MemoryFiles, folder: string) => disk.remove(`${folder}/manifest.json`)],
    ['manifest truncated', (disk: MemoryFiles, folder: string) => disk.write(`${folder}/manifest.json`, '{"format":1,')],
    ['manifest of a newer format', (disk: MemoryFiles, folder: string) => disk.write(`${folder}/manifest.json`, '{"format":2}')],
    ['folder gone', (disk: MemoryFiles, folder: string) => disk.remove(folder)],
  ])('that is damaged is set aside and its parent serves: %s', async (_title, damage) => {
    const { disk, store, b, c } = await chainOfThree();
    await damage(disk, `${root}/versions/${c}`);
    const active = await activeVersion(store, main);
    expect(active.manifest?.id).toBe(b);
    expect(active.line.learntUpTo).toBe('c2');
    expect(active.notices).toHaveLength(1);
    expect(active.notices[0]).toContain(c);
    expect(active.notices[0]).toContain('graft learn');
    expect(await disk.stat(`${root}/versions/${c}`)).toBeUndefined();
    expect((await disk.list(`${root}/aside`)).some((name) => name.startsWith(c) && name.endsWith('.txt'))).toBe(true);
    expect((await activeVersion(store, main)).notices).toEqual([]);
  });

  it('falls back to the base model when the whole chain is damaged', async () => {
    const { disk, store, a, b, c } = await chainOfThree();
    for (const id of [a, b, c]) await disk.write(`${root}/versions/${id}/manifest.json`, 'x');
    const active = await activeVersion(store, main);
    expect(active.manifest).toBeNull();
    expect(active.notices).toHaveLength(3);
  });

  it('whose folder holds another version is set aside', async () => {
    const { disk, store, a, b, c } = await chainOfThree();
    await disk.remove(`${root}/versions/${c}`);
    await disk.copyFolder(`${root}/versions/${a}`, `${root}/versions/${c}`);
    expect((await activeVersion(store, main)).manifest?.id).toBe(b);
  });

  it('of another base model is not served, and comes back with that model', async () => {
    const { store, c } = await chainOfThree();
    expect((await activeVersion(store, { branch: 'main', modelHash: otherModelHash })).manifest).toBeNull();
    await expect(activate(store, { branch: 'main', modelHash: otherModelHash, version: c, kind: 'rollBack' })).rejects.toMatchObject({ code: 'otherModel' });
    expect((await activeVersion(store, main)).manifest?.id).toBe(c);
  });
});

describe('a branch', () => {
  it('is rebuilt from its versions when its file is damaged', async () => {
    const { disk, store, c } = await chainOfThree();
    await disk.write(`${root}/branches/main.json`, '{"format":1,"branch":"ma');
    expect((await activeVersion(store, main)).manifest?.id).toBe(c);
    expect((await disk.list(`${root}/aside`)).length).toBe(2);
  });

  it('keeps every move in its history', async () => {
    const { store, a, b, c } = await chainOfThree();
    await activate(store, { ...main, version: a, kind: 'rollBack' });
    await activate(store, { ...main, version: c, kind: 'keep' });
    await reset(store, { ...main, to: 'parent' });
    await reset(store, { ...main, to: 'base' });
    const line = (await readBranch(store, 'main'))?.lines[modelHash];
    expect(line?.history.map((move) => [move.kind, move.to])).toEqual([
      ['promote', a],
      ['promote', b],
      ['promote', c],
      ['rollBack', a],
      ['keep', c],
      ['reset', b],
      ['reset', null],
    ]);
    expect(line?.learntUpTo).toBe('c3');
  });

  it('drops a cycle from the base model whose branch was reset meanwhile to learn again', async () => {
    const store = memoryStore();
    const cycle = { ...cycleOf({ commit: 'c1', active: null }), outcome: { kind: 'skipped', reason: 'alreadyKnown' } } as const;
    await recordCycle(store, { ...cycle, expected: { active: null, moves: 0 } });
    await reset(store, { ...main, to: 'base', relearn: true });
    await expect(recordCycle(store, { ...cycle, expected: { active: null, moves: 1 } })).rejects.toMatchObject({ code: 'moved' });
    expect(lineOf(await readBranch(store, 'main'), modelHash).learntUpTo).toBeNull();
    await recordCycle(store, { ...cycle, expected: { active: null, moves: 2 } });
  });

  it('drops a cycle whose branch was moved meanwhile', async () => {
    const { disk, store, b, c } = await chainOfThree();
    await reset(store, { ...main, to: 'parent' });
    await expect(promote(store, disk, { commit: 'c4', weights: 'late', parent: c })).rejects.toMatchObject({ code: 'moved' });
    expect((await activeVersion(store, main)).manifest?.id).toBe(b);
  });

  it('records skips and rejections without moving the pointer', async () => {
    const { disk, store, c } = await chainOfThree();
    const rejected = await sampleVersion(disk, { commit: 'c4', weights: 'bad', parent: c, verdict: { kind: 'rejected', reason: 'testsFell', explanation: 'x' } });
    const recorded = await recordCycle(store, { ...cycleOf({ commit: 'c4', active: c }), outcome: { kind: 'rejected', reason: 'testsFell', rejected } });
    await recordCycle(store, { ...cycleOf({ commit: 'c5', active: c }), outcome: { kind: 'skipped', reason: 'alreadyKnown' } });
    const line = (await readBranch(store, 'main'))?.lines[modelHash];
    expect(line?.active).toBe(c);
    expect(line?.learntUpTo).toBe('c5');
    expect(line?.history.slice(-2)).toMatchObject([
      { kind: 'reject', about: recorded.rejected?.id, reason: 'testsFell' },
      { kind: 'skip', reason: 'alreadyKnown' },
    ]);
    // The user may overrule the verdict.
    await activate(store, { ...main, version: recorded.rejected?.id ?? '', kind: 'keep' });
    expect((await activeVersion(store, main)).manifest?.verdict.kind).toBe('rejected');
  });

  it('has learnt the commits that waited once a version of them is kept', async () => {
    const { disk, store, c } = await chainOfThree();
    const version = await sampleVersion(disk, { commit: 'c4', weights: 'four', parent: c, verdict: { kind: 'rejected', reason: 'noGain', explanation: '' } });
    const waits = { ...cycleOf({ commit: 'c4', active: c }), head: 'c3' };
    const { rejected } = await recordCycle(store, { ...waits, outcome: { kind: 'rejected', reason: 'noGain', rejected: version } });
    await recordCycle(store, { ...waits, commits: ['c4', 'c5'], outcome: { kind: 'rejected', reason: 'noGain' } });
    expect(await activate(store, { ...main, version: rejected?.id ?? '', kind: 'keep' })).toMatchObject({ active: rejected?.id, learntUpTo: 'c4' });
  });

  it('made again under its name starts over; renamed creations and unknown ones do not', async () => {
    const { store, a } = await chainOfThree();
    expect(isAnotherBranch({ commit: 'c0', timeSeconds: 100 }, { commit: 'c0', timeSeconds: 100 })).toBe(false);
    expect(isAnotherBranch({ commit: 'c0', timeSeconds: 100 }, { commit: null, timeSeconds: null })).toBe(false);
    expect(isAnotherBranch({ commit: 'c0', timeSeconds: 100 }, { commit: 'c0', timeSeconds: 101 })).toBe(true);
    const line = await createBranch(store, { ...main, creation: { commit: 'c1', timeSeconds: 900 }, from: { version: a, learntUpTo: 'c1' } });
    expect(line.active).toBe(a);
    expect(line.history.map((move) => move.kind)).toEqual(['create']);
  });

  it.each([
    ['feature/login', 'feature%2Flogin.json'],
    ['Fix', '%46ix.json'],
    ['fix', 'fix.json'],
    ['größe', 'gr%C3%B6%C3%9Fe.json'],
    ['a%2Fb', 'a%252%46b.json'],
  ])('named %s has a file name of its own', (branch, expected) => {
    expect(branchFileName(branch)).toBe(expected);
  });

  it('with a very long name has a file name that every file system takes', () => {
    const names = ['x'.repeat(240), `${'x'.repeat(239)}y`].map(branchFileName);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name.length).toBeLessThan(220);
  });

  it('lists all branches', async () => {
    const { disk, store } = await chainOfThree();
    await promoteChain(store, disk, ['d1'], 'feature/x');
    expect((await readBranches(store)).map((record) => record.branch)).toEqual(['feature/x', 'main']);
  });
});

describe('moving between machines', () => {
  it('imports what was exported, byte for byte', async () => {
    const { disk, store, c } = await chainOfThree();
    await disk.makeFolder('/out');
    await exportVersion(store, { version: c, folder: '/out/version' });
    const there = memoryStore(disk);
    const elsewhere = { ...there, layout: { ...there.layout, root: '/other', versions: '/other/versions', branches: '/other/branches', writeLock: '/other/write' } };
    const manifest = await importVersion(elsewhere, { folder: '/out/version', modelHash });
    expect(manifest.id).toBe(c);
    expect(await disk.readText(`/other/versions/${c}/adapter_model.safetensors`)).toBe('weights-main-c3');
    await activate(elsewhere, { branch: 'work', modelHash, version: c, kind: 'keep', creation: { commit: null, timeSeconds: null } });
    expect((await activeVersion(elsewhere, { branch: 'work', modelHash })).manifest?.id).toBe(c);
  });

  it('refuses to export over an existing folder and to import a wrong base, a damaged or a foreign folder', async () => {
    const { disk, store, c } = await chainOfThree();
    await disk.makeFolder('/out');
    await expect(exportVersion(store, { version: c, folder: '/out' })).rejects.toMatchObject({ code: 'alreadyThere' });
    await exportVersion(store, { version: c, folder: '/out/version' });
    await expect(importVersion(store, { folder: '/out/version', modelHash: otherModelHash })).rejects.toMatchObject({ code: 'otherModel' });
    await disk.write('/out/version/pairs.jsonl', '');
    await expect(importVersion(store, { folder: '/out/version', modelHash })).rejects.toMatchObject({ code: 'notAVersion' });
    await expect(importVersion(store, { folder: '/engine/weights-main-c1', modelHash })).rejects.toMatchObject({ code: 'notAVersion' });
    await expect(importVersion(store, { folder: '/nowhere', modelHash })).rejects.toMatchObject({ code: 'notAVersion' });
  });
});

describe('forgetting', () => {
  it('drops all versions that contain the commit and says what must be learnt again', async () => {
    const { disk, store, a, b, c } = await chainOfThree();
    const forgotten = await forget(store, { commits: ['c2'] });
    expect(new Set(forgotten.versions)).toEqual(new Set([b, c]));
    expect(forgotten.rederive).toEqual([{ branch: 'main', modelHash, from: a, commits: ['c3'] }]);
    expect(await disk.list(`${root}/versions`)).toEqual([a]);
    expect((await activeVersion(store, main)).manifest?.id).toBe(a);
    expect((await readBranch(store, 'main'))?.lines[modelHash]?.learntUpTo).toBe('c1');
    expect([...(await readForgotten(store))]).toEqual(['c2']);
    const left = [...disk.entries].filter(([path, data]) => path.startsWith(root) && data !== null && new TextDecoder().decode(data).includes('weights-main-c2'));
    expect(left).toEqual([]);
  });
  it('says beforehand what it would drop, and drops nothing', async () => {
    const { disk, store } = await chainOfThree();
    const before = new Map(disk.entries);
    const would = await whatForgetDrops(store, { commits: ['c2'] });
    expect(new Map(disk.entries)).toEqual(before);
    const { versions, rederive } = await forget(store, { commits: ['c2'] });
    expect(would).toEqual({ versions, rederive });
  });
});

describe('garbage collection', () => {
  it('keeps what can be rolled back to, thins what is further back and drops what nothing names', async () => {
    const clock = new ManualClock();
    const disk = new MemoryFiles(() => clock.nowMs());
    const store = memoryStore(disk, clock);
    const [a = '', b = '', c = ''] = await promoteChain(store, disk, ['c1', 'c2', 'c3']);
    const [gone = ''] = await promoteChain(store, disk, ['d1'], 'gone');
    clock.advance(1000);
    const garbage = await collectGarbage(store, { branches: ['main'], keepWeights: 1, keepRejected: 1, keepUnnamedMs: 500 });
    expect(garbage).toMatchObject({ versions: [gone], thinned: [a], branches: ['gone'] });
    expect(await disk.stat(`${root}/versions/${a}/adapter_model.safetensors`)).toBeUndefined();
    expect((await readVersion(store, a)).pairs).toHaveLength(1);
    await expect(activate(store, { ...main, version: a, kind: 'rollBack' })).rejects.toMatchObject({ code: 'thinned' });
    await activate(store, { ...main, version: b, kind: 'rollBack' });
    expect((await activeVersion(store, main)).manifest?.id).toBe(b);
    expect(c).not.toBe(b);
  });

  it('leaves what served last to go back to after a reset', async () => {
    const { disk, store, a, b, c } = await chainOfThree();
    await reset(store, { ...main, to: 'base' });
    expect(await collectGarbage(store, { branches: ['main'], keepWeights: 1, keepRejected: 1, keepUnnamedMs: 500 })).toMatchObject({ versions: [], thinned: [a] });
    await activate(store, { ...main, version: c, kind: 'rollBack' });
    expect(await activeVersion(store, main)).toMatchObject({ manifest: { id: c }, notices: [] });
    expect(await disk.stat(`${root}/versions/${b}/adapter_model.safetensors`)).toBeDefined();
  });

  it('lets a version without its weights be learnt again', async () => {
    const { disk, store, a } = await chainOfThree();
    await collectGarbage(store, { branches: ['main'], keepWeights: 1, keepRejected: 1, keepUnnamedMs: 500 });
    await reset(store, { ...main, to: 'base', relearn: true });
    const again = await promote(store, disk, { commit: 'c1', weights: 'weights-main-c1' });
    expect(again.promoted?.id).toBe(a);
    expect(again.promoted).not.toHaveProperty('thinned');
    expect(await activeVersion(store, main)).toMatchObject({ manifest: { id: a }, notices: [] });
  });
});

describe('the journal', () => {
  it('skips a torn last line and goes on after it', async () => {
    const { disk, store, c } = await chainOfThree();
    await disk.append(`${root}/journal.jsonl`, '{"atMs":1,"bran');
    expect(await readJournal(store)).toHaveLength(3);
    await promote(store, disk, { commit: 'c4', weights: 'four', parent: c });
    expect((await readJournal(store)).map((line) => line.commits)).toEqual([['c1'], ['c2'], ['c3'], ['c4']]);
  });
});

describe('struck pairs', () => {
  it('stay struck until restored', async () => {
    const store = memoryStore();
    await strikePairs(store, { strike: ['p1', 'p2'] });
    await strikePairs(store, { restore: ['p1'] });
    expect([...(await readStruck(store))]).toEqual(['p2']);
  });
});
