// What the pickers offer, the context keys, and the words of a reset.
import { describe, expect, it } from 'vitest';
import type { HistoryEntry, RepositoryTree } from '../../../server/protocol/assistant.ts';
import { activeOne, anyVersion, commitChoices, commitsOfRow, rejectedOnes, servable, versionChoices } from '../../../src/commands/choices.ts';
import { resetWords } from '../../../src/commands/resetWords.ts';
import { contextKeys } from '../../../src/views/contextKeys.ts';
import { reviewHtml } from '../../../src/webviews/reviewHtml.ts';

const entry = (version: string | null, atMs: number, part: Partial<HistoryEntry> = {}): HistoryEntry => ({
  version, outcome: 'promoted', reason: 'promoted', explanation: 'It helped.', commits: [{ id: `commit${atMs}`, subject: `Change ${atMs}` }], atMs, active: false, gain: null, tests: null, switchable: true, ...part,
});
const tree: RepositoryTree = {
  folder: '/w/app', name: 'app', placebo: { tried: 0, promoted: 0 },
  branches: [
    { name: 'feature', checkedOut: false, active: 'v9', parent: null, entries: [entry('v9', 9, { active: true }), entry('v1', 1)] },
    { name: 'main', checkedOut: true, active: 'v2', parent: null, entries: [entry('v5', 5, { switchable: false }), entry(null, 4, { outcome: 'alreadyKnown' }), entry('v3', 3, { outcome: 'rejected' }), entry('v2', 2, { active: true }), entry('v1', 1)] },
  ],
};

describe('version choices', () => {
  it.each([
    ['any, the checked-out branch first, newest first, each once', anyVersion, null, ['v5', 'v3', 'v2', 'v1', 'v9']],
    ['those that could serve', servable, null, ['v3', 'v1']],
    ['rejected ones', rejectedOnes, null, ['v3']],
    ['active ones', activeOne, null, ['v2', 'v9']],
    ['one branch alone', anyVersion, 'feature', ['v9', 'v1']],
  ])('are %s', (_, filter, branch, expected) => expect(versionChoices(tree, filter, branch).map(({ version }) => version)).toEqual(expected));
});

describe('commit choices', () => {
  it('are the commits that versions were made from, newest first, each once', () => {
    expect(commitChoices(tree).map(({ id }) => id)).toEqual(['commit9', 'commit5', 'commit3', 'commit2', 'commit1']);
  });
});

describe("a row's commits", () => {
  it.each([
    ['the one of a commit', { commit: 'commit4' }, [['commit4', 'Change 4']]],
    ['those of commits without a version', { commits: ['commit4', 'commit3'] }, [['commit4', 'Change 4'], ['commit3', 'Change 3']]],
    ['none of a version, or without a row', { version: 'v1' }, []],
  ])('are %s', (_, target, expected) => expect(commitsOfRow(tree, target).map(({ id, subject }) => [id, subject])).toEqual(expected));
});

describe('the confirmation of a reset', () => {
  it('says what is lost in the words of the server', () => {
    const { message, detail, button } = resetWords('main', 'base', '3 versions stop serving.');
    expect([message, detail, button]).toEqual(['Reset branch "main" to the base model?', '3 versions stop serving.', 'Reset to Base']);
  });
  it('calls the parent what it is: the version before the active one, not one of another branch', () => {
    const { message, button } = resetWords('feature', 'parent', '');
    expect([message, button]).toEqual(['Reset branch "feature" to the version before the active one?', 'Reset to Version Before']);
  });
});

describe('context keys', () => {
  const status = { mode: 'on' as const, model: { kind: 'loading' as const }, repositories: [{ folder: '/w/app', branch: 'main', version: null, learning: { kind: 'paused' as const, why: 'byUser' as const } }] };
  it.each([
    ['off', { kind: 'off' as const }, null, 'off'],
    ['stopped', { kind: 'stopped' as const, message: '' }, null, 'stopped'],
    ['no repository', { kind: 'running' as const, status: { ...status, repositories: [] } }, [], 'noRepository'],
    ['untrusted', { kind: 'running' as const, status: { ...status, mode: 'untrusted' as const } }, [], 'untrusted'],
    ['nothing learnt', { kind: 'running' as const, status }, [{ ...tree, branches: [] }], 'nothingLearnt'],
    ['filled', { kind: 'running' as const, status }, [tree], 'filled'],
    ['not known yet: none', { kind: 'running' as const, status }, null, 'filled'],
  ])('choose the welcome text: %s', (_, state, trees, view) => expect(contextKeys(state, trees)['graft.view']).toBe(view));
  it('enable resume for a pause by the user alone', () => {
    expect(contextKeys({ kind: 'running', status }, null)).toMatchObject({ 'graft.pausedByUser': true, 'graft.learning': false, 'graft.hasRepository': true });
  });
  it('enable both where one repository is paused and another is not', () => {
    const [paused] = status.repositories;
    if (paused === undefined) throw new Error('no repository');
    const idle = { ...paused, folder: '/w/lib', learning: { kind: 'idle' as const } };
    const pauseKeys = (repositories: (typeof paused | typeof idle)[]) => {
      const keys = contextKeys({ kind: 'running', status: { ...status, repositories } }, null);
      return [keys['graft.canPause'], keys['graft.pausedByUser']];
    };
    expect([[paused, idle], [idle, idle], [paused, paused], []].map(pauseKeys)).toEqual([[true, true], [true, false], [false, true], [false, false]]);
  });
  it('offer no learning where the workspace is not trusted', () => {
    expect(contextKeys({ kind: 'running', status: { ...status, mode: 'untrusted' } }, null)).toMatchObject({ 'graft.hasRepository': false, 'graft.serving': true });
  });
});

describe("the page's frame", () => {
  it('admits scripts by nonce alone, and neither inline code nor eval', () => {
    const html = reviewHtml({ nonce: 'abc', cspSource: 'https://x', scriptUri: 'https://x/a.js?"<', styleUri: 'https://x/a.css', title: '<b>' });
    expect(html).toContain("default-src 'none'; script-src 'nonce-abc'; style-src https://x");
    expect(html).not.toMatch(/unsafe|<b>|\son[a-z]+=|style="/);
  });
});
