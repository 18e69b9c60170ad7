// What package.json contributes against what the code registers: a command without code, or code without a command, is found here.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { acceptedCommand } from '../../../server/protocol/assistant.ts';
import type { RepositoryStatus } from '../../../server/protocol/assistant.ts';
import { menuItems } from '../../../src/commands/menuItems.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
interface Contribution {
  readonly command: string;
  readonly title?: string;
  readonly when?: string;
  readonly enablement?: string;
}
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  contributes: { commands: Contribution[]; menus: Record<string, Contribution[]>; viewsWelcome: { contents: string }[]; walkthroughs?: { id: string; steps: { description: string; media: { markdown?: string; image?: string }; completionEvents?: string[] }[] }[] };
};
const contributed = manifest.contributes.commands.map(({ command }) => command);
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => readFileSync(join(root, 'src', name), 'utf8'));
const registered = new Set(sources.flatMap((text) => [...text.matchAll(/^ +'(graft\.[A-Za-z]+)': /gm), ...text.matchAll(/'(graft\.[A-Za-z]+)': (?:asks|resets|turn|runs)\(/g)].map(([, id]) => id ?? '')));

describe('the manifest', () => {
  it('contributes each registered command once, and registers each that it contributes', () => {
    const notCommands = ['graft.serving', 'graft.hasRepository', 'graft.learning', 'graft.pausedByUser', 'graft.canPause', 'graft.stopped', 'graft.view'];
    expect([...contributed].sort()).toEqual([...registered].filter((id) => !notCommands.includes(id)).sort());
  });
  it('names only contributed commands in menus, welcome texts and the walkthrough', () => {
    const named = [
      ...Object.values(manifest.contributes.menus).flat().map(({ command }) => command),
      ...[...manifest.contributes.viewsWelcome.map(({ contents }) => contents), ...(manifest.contributes.walkthroughs ?? []).flatMap(({ steps }) => steps.map(({ description }) => description))]
        .flatMap((text) => [...text.matchAll(/command:(graft\.[A-Za-z]+)/g)].map(([, id]) => id ?? '')),
    ];
    expect(named.filter((id) => !contributed.includes(id))).toEqual([]);
  });
  it('has a file for every picture and page of the walkthrough', () => {
    const files = (manifest.contributes.walkthroughs ?? []).flatMap(({ steps }) => steps.flatMap(({ media }) => [media.markdown, media.image].filter((name) => name !== undefined)));
    const pictures = files.filter((file) => file.endsWith('.md')).flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, name]) => join(dirname(file), name ?? '')));
    for (const file of [...files, ...pictures]) expect(readFileSync(join(root, file)).length, file).toBeGreaterThan(0);
  });
  it('does not contribute the command that only accepted items run', () => {
    expect(contributed).not.toContain(acceptedCommand);
    expect(readFileSync(join(root, 'src/suggestions/shownSuggestions.ts'), 'utf8')).toContain(`'${acceptedCommand}'`);
  });
  it('offers to pause as long as any repository may be, and to resume as long as any is paused', () => {
    const offers = [...manifest.contributes.commands.map(({ command, enablement }) => ({ command, when: enablement })), ...Object.values(manifest.contributes.menus).flat()];
    const conditionsOf = (id: string): string[] => offers.flatMap(({ command, when }) => (command === id && when !== undefined && when !== 'false' ? [when] : []));
    expect(conditionsOf('graft.pause')).toHaveLength(3);
    for (const when of conditionsOf('graft.pause')) expect(when).toMatch(/&& graft\.canPause$/);
    for (const when of conditionsOf('graft.resume')) expect(when).toMatch(/&& graft\.pausedByUser$/);
  });
  it('offers only contributed commands in the status bar menu', () => {
    const ready = { kind: 'ready' as const, name: 'starter', device: 'cpu', parameters: 1 };
    const repositories = [{ folder: '/w', branch: 'main', version: null, learning: { kind: 'idle' as const } }];
    const states = [
      { kind: 'off' as const }, { kind: 'starting' as const }, { kind: 'stopped' as const, message: '' },
      ...(['on', 'untrusted', 'off'] as const).map((mode) => ({ kind: 'running' as const, status: { mode, model: ready, repositories } })),
    ];
    for (const state of states) for (const { command } of menuItems(state)) expect(contributed).toContain(command);
  });
  it('offers both to pause and to resume in that menu where some repositories are paused', () => {
    const repository = (learning: RepositoryStatus['learning']): RepositoryStatus => ({ folder: '/w', branch: 'main', version: null, learning });
    const [idle, paused] = [repository({ kind: 'idle' }), repository({ kind: 'paused', why: 'byUser' })];
    const offered = (repositories: RepositoryStatus[]): string[] =>
      menuItems({ kind: 'running', status: { mode: 'on', model: { kind: 'ready', name: 'starter', device: 'cpu', parameters: 1 }, repositories } }).map(({ command }) => command).filter((command) => /pause|resume/.test(command));
    expect([offered([idle]), offered([paused]), offered([idle, paused])]).toEqual([['graft.pause'], ['graft.resume'], ['graft.pause', 'graft.resume']]);
  });
});
