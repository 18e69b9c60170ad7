// Rows of the tree from what the server tells.
import { describe, expect, it } from 'vitest';
import type { HistoryEntry, RepositoryTree } from '../../../server/protocol/assistant.ts';
import type { RejectionReason } from '../../../server/store/version.ts';
import { entryLabel, versionRows, type Row } from '../../../src/views/versionRows.ts';

const entry = (part: Partial<HistoryEntry>): HistoryEntry => ({
  version: 'aaaaaaaaaa', outcome: 'promoted', reason: 'promoted', explanation: 'It helped.', commits: [{ id: 'c0ffee1234', subject: 'Rename load' }],
  atMs: 1, active: false, gain: { gain: 0.25, low: 0.1, high: null }, tests: null, switchable: true, ...part,
});
const repository = (part: Partial<RepositoryTree>): RepositoryTree => ({ folder: '/w/app', name: 'app', branches: [], placebo: { tried: 0, promoted: 0 }, ...part });
const branch = (name: string, entries: HistoryEntry[], checkedOut = false) => ({ name, checkedOut, active: entries.find(({ active }) => active)?.version ?? null, parent: null, entries });
const outline = (rows: readonly Row[], depth = 0): string[] => rows.flatMap((row) => [`${'  '.repeat(depth)}${row.icon.name} ${row.label} | ${row.description} | ${row.context}`, ...outline(row.children, depth + 1)]);

describe('rows', () => {
  it('are none where nothing was learnt, so that the welcome text shows', () => {
    expect(versionRows([])).toEqual([]);
    expect(versionRows([repository({ branches: [branch('main', [], true)] })])).toEqual([]);
  });

  it('begin with branches for one repository, the checked-out one first, entries as the server orders them, the active one marked', () => {
    const tree = repository({
      branches: [
        branch('feature', [entry({ version: 'bbbbbbbbbb', active: true })]),
        branch('main', [entry({ version: 'eeeeeeeeee', atMs: 3, outcome: 'rejected', reason: 'noGain', gain: { gain: -0.01, low: null, high: null } }), entry({ version: 'dddddddddd', atMs: 2, active: true, gain: null }), entry({ atMs: 1 })], true),
      ],
    });
    expect(outline(versionRows([tree])).filter((line) => !line.includes('git-commit'))).toEqual([
      'git-branch main | ddddddd · checked out | branch checkedOut adapted',
      '  circle-slash Rename load | rejected: no gain · eeeeeee | entry rejected version switchable checkedOut',
      '  star-full Rename load | active · ddddddd | entry promoted version active checkedOut',
      '  pass Rename load | aaaaaaa | entry promoted version switchable checkedOut',
      'git-branch feature | bbbbbbb | branch adapted',
      '  star-full Rename load | active · bbbbbbb | entry promoted version active',
    ]);
  });

  it('name the repositories when there are several', () => {
    const rows = versionRows([repository({ branches: [branch('main', [entry({})], true)] }), repository({ folder: '/w/lib', name: 'lib', placebo: { tried: 4, promoted: 1 } })]);
    expect(rows.map(({ label, description }) => [label, description])).toEqual([['app', 'main'], ['lib', '']]);
    expect(rows[1]?.tooltip).toContain('placebo promoted 1 of 4');
  });

  it('say what came of commits that made no version, and offer no review of them', () => {
    const [main] = versionRows([repository({ branches: [branch('main', [entry({ version: null, outcome: 'alreadyKnown', gain: null, switchable: false })], true)] })]);
    const [known] = main?.children ?? [];
    expect([known?.label, known?.description, known?.context, known?.opens, known?.children[0]?.context]).toEqual(['Rename load', 'already known', 'entry alreadyKnown commits checkedOut', undefined, 'commit']);
    expect([known?.target, known?.children[0]?.target]).toEqual([{ folder: '/w/app', branch: 'main', commits: ['c0ffee1234'] }, { folder: '/w/app', branch: 'main', commit: 'c0ffee1234' }]);
  });

  it.each<[string, Partial<HistoryEntry>, string]>([
    ['several commits by the newest', { commits: [{ id: 'a', subject: 'First' }, { id: 'b', subject: 'Last' }] }, 'Last (+1)'],
    ['waiting commits by their number', { outcome: 'waiting', version: null, commits: [{ id: 'b', subject: 'Last' }, { id: 'a', subject: 'First' }] }, '2 commits'],
    ['moves by what happened', { outcome: 'moved', version: null, commits: [], explanation: 'reset to the base model' }, 'reset to the base model'],
  ])('name %s', (_, part, label) => expect(entryLabel(entry(part))).toBe(label));

  it('mark versions whose weights were dropped', () => {
    const [main] = versionRows([repository({ branches: [branch('main', [entry({ switchable: false })], true)] })]);
    expect(main?.children[0]?.description).toBe('aaaaaaa · no weights');
    expect(main?.children[0]?.tooltip).toContain('weights were dropped');
    expect(main?.children[0]?.context).not.toContain('switchable');
  });

  it('keep what a narrow view would cut for the tooltip and the screen reader', () => {
    const outcomes: Partial<HistoryEntry>[] = [{ active: true }, {}, { outcome: 'rejected', reason: 'generalLoss' }, { outcome: 'inconclusive', reason: 'tooFewProbes' }, { switchable: false }, { version: null, outcome: 'skipped', reason: 'authorNotApproved' }];
    const [main] = versionRows([repository({ branches: [branch('main', outcomes.map((part) => entry({ explanation: 'Why it came so.', ...part })), true)] })]);
    for (const row of main?.children ?? []) {
      expect(row.description.length, row.description).toBeLessThanOrEqual('rejected: other code worse · 0123456'.length);
      expect(row.tooltip).toContain('Why it came so.');
      expect(row.tooltip).toContain('Reward +0.250');
      expect(row.spoken).toContain('Why it came so.');
    }
  });

  it('say in two or three words why a version was refused, right after that it was', () => {
    const reasons: Record<RejectionReason, string> = {
      noGain: 'no gain', testsFell: 'tests fell', forgot: 'older forgotten', generalLoss: 'other code worse',
      tooFewProbes: 'few probes', tooFewPairs: 'few pairs', unstable: 'unconfirmed', placebo: 'control gained',
    };
    const described = (part: Partial<HistoryEntry>): string | undefined => versionRows([repository({ branches: [branch('main', [entry(part)], true)] })])[0]?.children[0]?.description;
    for (const [reason, words] of Object.entries(reasons)) expect(described({ outcome: 'rejected', reason })).toBe(`rejected: ${words} · aaaaaaa`);
    expect(described({ outcome: 'inconclusive', reason: 'tooFewProbes' })).toBe('inconclusive: few probes · aaaaaaa');
    expect(described({ outcome: 'rejected', reason: 'noGain', active: true })).toBe('active · aaaaaaa');
    expect(described({ outcome: 'rejected', reason: 'of another release' })).toBe('rejected · aaaaaaa');
  });

  it('have ids of their own even when a version appears twice', () => {
    const rows = versionRows([repository({ branches: [branch('main', [entry({}), entry({})], true)] })]);
    const ids = rows.flatMap((row) => [row.id, ...row.children.flatMap((child) => [child.id, ...child.children.map(({ id }) => id)])]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('keep markdown of commit subjects out of tooltips', () => {
    const [main] = versionRows([repository({ branches: [branch('main', [entry({ commits: [{ id: 'c', subject: '[x](command:evil) `y`' }] })], true)] })]);
    expect(main?.children[0]?.children[0]?.tooltip).toContain('\\[x\\]\\(command:evil\\) \\`y\\`');
  });
});
