// The status bar's words for each state.
import { describe, expect, it } from 'vitest';
import { pauseReasons, type RepositoryStatus, type Status } from '../../../server/protocol/assistant.ts';
import { repositoryOf, type ServerState } from '../../../src/connection/serverState.ts';
import { pausedBecause, statusText } from '../../../src/statusBar/statusText.ts';

const repository = (part: Partial<RepositoryStatus>): RepositoryStatus => ({ folder: '/w/app', branch: 'main', version: '0123456789abcdef', learning: { kind: 'idle' }, ...part });
const running = (repositories: RepositoryStatus[], part: Partial<Status> = {}): ServerState => ({
  kind: 'running',
  status: { mode: 'on', model: { kind: 'ready', name: 'starter', device: 'cpu', parameters: 12_400_000 }, repositories, ...part },
});

function checkText(state: ServerState, text: string, severity: string): void {
  const said = statusText(state, '/w/app/a.ts');
  expect({ text: said.text, severity: said.severity }).toEqual({ text, severity });
  expect(said.spoken).not.toMatch(/\$\(/);
  expect(said.tooltip.length).toBeGreaterThan(10);
}

describe('status bar', () => {
  it.each<[string, ServerState, string, string]>([
    ['off', { kind: 'off' }, '$(circle-slash) Graft: off', 'none'],
    ['off as the server tells it', running([], { mode: 'off' }), '$(circle-slash) Graft: off', 'none'],
    ['starting', { kind: 'starting' }, '$(loading~spin) Graft: starting', 'none'],
    ['restarting', { kind: 'recovering' }, '$(loading~spin) Graft: restarting', 'warning'],
    ['stopped', { kind: 'stopped', message: 'It ended.' }, '$(error) Graft: stopped', 'error'],
    ['no model', running([], { model: { kind: 'none' } }), '$(warning) Graft: no model', 'warning'],
    ['a failed model', running([], { model: { kind: 'failed', message: 'The file is cut short.' } }), '$(error) Graft: model failed', 'error'],
    ['untrusted', running([], { mode: 'untrusted' }), '$(shield) starter cpu: completions only', 'none'],
    ['no repository', running([]), '$(mortar-board) starter cpu', 'none'],
    ['idle', running([repository({})]), '$(mortar-board) starter cpu · 0123456', 'none'],
    ['idle on the base', running([repository({ version: null })]), '$(mortar-board) starter cpu · base', 'none'],
    ['learning', running([repository({ learning: { kind: 'learning', work: 'commits', phase: 'train', commits: ['a'], share: 0.416 } })]), '$(sync~spin) starter cpu · 0123456 · learning 42 %', 'none'],
    ['paused', running([repository({ learning: { kind: 'paused', why: 'battery' } })]), '$(debug-pause) starter cpu · 0123456 · paused on battery', 'none'],
    ['an interruption', running([repository({ learning: { kind: 'interrupted', message: 'The engine ended. It is started again.' } })]), '$(debug-restart) starter cpu · 0123456 · learning interrupted', 'warning'],
    ['failed', running([repository({ learning: { kind: 'failed', message: 'No space left. Free some.' } })]), '$(error) starter cpu · 0123456 · learning failed', 'error'],
  ])('says %s', (_, state, text, severity) => checkText(state, text, severity));

  it.each<['commits' | 'sleep' | 'retrain', RegExp]>([
    ['commits', /Learning from 2 commits: training, 50 %/],
    ['sleep', /everything that was kept: training, 50 %/],
    ['retrain', /without the struck pairs: training, 50 %/],
  ])('says in the tooltip what the work on %s is', (work, words) => {
    const learning = { kind: 'learning', work, phase: 'train', commits: work === 'commits' ? ['a', 'b'] : [], share: 0.5 } as const;
    expect(statusText(running([repository({ learning })]), null).tooltip).toMatch(words);
  });

  it('has words for every reason to pause', () => {
    expect(Object.keys(pausedBecause).sort()).toEqual([...pauseReasons].sort());
  });
});

describe('the repository of a file', () => {
  const { status } = running([repository({ folder: '/w/app' }), repository({ folder: '/w/app/inner' }), repository({ folder: '/w/application' })]) as Extract<ServerState, { kind: 'running' }>;
  it.each([
    ['/w/app/a.ts', '/w/app'],
    ['/w/app/inner/a.ts', '/w/app/inner'],
    ['/w/application/a.ts', '/w/application'],
    ['/elsewhere/a.ts', '/w/app'],
    [null, '/w/app'],
  ])('of %s is %s', (path, folder) => expect(repositoryOf(status, path)?.folder).toBe(folder));

  it('is found where git and the editor spell it differently, as on Windows', () => {
    const windows = running([repository({ folder: 'C:/w/other' }), repository({ folder: 'C:/w/app' })]) as Extract<ServerState, { kind: 'running' }>;
    expect(repositoryOf(windows.status, 'c:\\w\\app\\src\\a.ts')?.folder).toBe('C:/w/app');
  });
});
