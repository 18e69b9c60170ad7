// What became of suggestions, as learning reads it: probes of what was kept, pairs of what was typed over, and never one as the other.
import { afterAll, describe, expect, it } from 'vitest';
import { typedOverPairs } from '../../../server/learning/feedbackPairs.ts';
import { keptProbes } from '../../../server/learning/feedbackProbes.ts';
import { feedbackOf } from '../../../server/learning/feedbackRecords.ts';
import { leakCheck } from '../../../server/selfEdit/keptOut.ts';
import { parsedTree } from '../../../server/selfEdit/parsedTree.ts';
import { servingShape } from '../../../server/syntax/promptContext.ts';
import { loadedSyntax } from '../../support/loadedSyntax.ts';

const loading = loadedSyntax();
afterAll(async () => (await loading).dispose());
const tools = async () => ({ syntax: await loading, countTokens: (text: string) => Math.ceil(text.length / 4), shape: servingShape });

const path = 'src/ledger.ts';
const text = `export function total(entries: readonly Entry[]): number {
  const amounts = entries.map((entry) => entry.amount);
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

export function count(entries: readonly Entry[]): number {
  return entries.filter(({ amount }) => amount > 0).length;
}
`;
const kept = (written: string) => ({ path, text: written, atMs: 1 });

describe('the feedback file', () => {
  const record = (event: object, more: object = {}): string => JSON.stringify({ id: 'c1', atMs: 1, folder: '/r', path, version: null, confidence: 0.5, text: 'entries.map(', event, ...more });
  it.each([
    ['accepted alone', [record({ kind: 'accepted' })], []],
    ['kept for seconds', [record({ kind: 'accepted' }), record({ kind: 'kept', afterSeconds: 30 })], []],
    ['kept for minutes', [record({ kind: 'kept', afterSeconds: 30 }), record({ kind: 'kept', afterSeconds: 120 })], ['entries.map(']],
    ['changed later', [record({ kind: 'kept', afterSeconds: 120 }), record({ kind: 'changed', afterSeconds: 300 })], []],
    ['a torn line', [record({ kind: 'kept', afterSeconds: 120 }), '{"id":"c2","at'], ['entries.map(']],
  ])('%s', (_, lines, texts) => {
    expect(feedbackOf(lines.join('\n')).kept.map((each) => each.text)).toEqual(texts);
  });

  it('gives typed-over lines once, newest first', () => {
    const lines = [1, 2, 3].map((atMs) => record({ kind: 'surprise' }, { atMs, text: undefined, written: atMs === 2 ? 'b();' : 'a();' }));
    expect(feedbackOf(lines.join('\n')).typedOver).toEqual([{ path, written: 'a();', atMs: 3 }, { path, written: 'b();', atMs: 2 }]);
  });
});

describe('a kept suggestion', () => {
  const probesOf = async (written: string, { before = null as string | null, other = '' } = {}) =>
    keptProbes([kept(written)], { material: { repository: 'demo', commit: 'c1', changes: [], versions: [{ path, oldPath: path, before, after: text }], files: new Map([[path, text], ['src/other.ts', other]]) }, others: [], tools: await tools() });

  it('becomes a probe of the commit that brings it in', async () => {
    const [probe] = await probesOf('entries.map((entry) => entry.amount);');
    expect(probe).toMatchObject({ kind: 'kept', path, declaration: 'total', commit: 'c1', example: { answer: 'entries.map((entry) => entry.amount);', prompt: { kind: 'fim' } } });
    expect(probe?.example.prompt).toMatchObject({ prefix: expect.stringMatching(/const amounts = $/) });
  });

  it.each([
    ['is not in the commit', 'entries.flatMap((entry) => entry);', {}],
    ['stood there before', 'entries.map((entry) => entry.amount);', { before: text }],
    ['stands elsewhere too, so that a pair may have shown it', 'entries.map((entry) => entry.amount);', { other: 'x = entries.map((entry) => entry.amount);' }],
    ['says too little', 'length', {}],
  ])('becomes none where it %s', async (_, written, more) => {
    expect(await probesOf(written, more)).toEqual([]);
  });
});

describe('a line typed over a suggestion', () => {
  const pairsOf = async (written: string, probes: Awaited<ReturnType<typeof keptProbes>> = []) => {
    const keptOut = { probes, spans: [] };
    return typedOverPairs([{ path, written, atMs: 1 }], { tree: parsedTree({ files: new Map([[path, text]]), keptOut }, await tools()), repository: 'demo', commit: 'c1', keptOut });
  };

  it('becomes pairs of the rest of that line', async () => {
    const pairs = await pairsOf('  return amounts.reduce((sum, amount) => sum + amount, 0);');
    expect(pairs.length).toBeGreaterThan(0);
    for (const { example, form, declaration } of pairs) {
      expect([form, declaration]).toEqual(['fim', 'total']);
      expect('  return amounts.reduce((sum, amount) => sum + amount, 0);'.endsWith(example.answer)).toBe(true);
    }
  });

  it.each(['  return never(committed, anywhere);', '}', ''])('becomes none where the commit does not hold it, or it says nothing: %j', async (written) => {
    expect(await pairsOf(written)).toEqual([]);
  });

  it('never becomes a pair where it is a probe, and no pair shows a probe', async () => {
    const line = '  return amounts.reduce((sum, amount) => sum + amount, 0);';
    const probes = keptProbes([kept(line.trim())], { material: { repository: 'demo', commit: 'c1', changes: [], versions: [{ path, oldPath: path, before: null, after: text }], files: new Map([[path, text]]) }, others: [], tools: await tools() });
    expect(probes).toHaveLength(1);
    expect(await pairsOf(line, probes)).toEqual([]);
    const leak = leakCheck({ probes, spans: [] });
    const near = await pairsOf('  const amounts = entries.map((entry) => entry.amount);', probes);
    expect(near.length).toBeGreaterThan(0);
    expect(near.map(leak)).toEqual(near.map(() => null));
  });
});
