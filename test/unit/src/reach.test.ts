// Everything that the manifest offers can be reached by keyboard: from the palette, from a row's menu, on the settings page.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RepositoryStatus, Status } from '../../../server/protocol/assistant.ts';
import type { ServerState } from '../../../src/connection/serverState.ts';
import { contextKeys, type ContextKeys } from '../../../src/views/contextKeys.ts';

interface Item {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}
interface Setting {
  readonly type: string | readonly string[];
  readonly items?: { readonly type: string };
  readonly markdownDescription?: string;
  readonly description?: string;
}
const { contributes } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  contributes: {
    commands: { readonly command: string; readonly title: string; readonly category?: string; readonly enablement?: string }[];
    menus: { readonly 'view/title': Item[]; readonly 'view/item/context': Item[]; readonly commandPalette: Item[] };
    viewsWelcome: { readonly when: string }[];
    configuration: { readonly properties: Record<string, Setting> } | { readonly properties: Record<string, Setting> }[];
  };
};
const { commands, menus } = contributes;

const repository = (learning: RepositoryStatus['learning']): RepositoryStatus => ({ folder: '/w', branch: 'main', version: null, learning });
const running = (learning: RepositoryStatus['learning']): ServerState => {
  const status: Status = { mode: 'on', model: { kind: 'ready', name: 'starter', device: 'cpu', parameters: 1 }, repositories: [repository(learning)] };
  return { kind: 'running', status };
};
const states: readonly ServerState[] = [
  { kind: 'off' },
  running({ kind: 'idle' }),
  running({ kind: 'paused', why: 'byUser' }),
  running({ kind: 'learning', work: 'commits', phase: 'train', commits: [], share: 0 }),
];
const keysOf = (state: ServerState): ContextKeys => contextKeys(state, []);

/** Of `a && !b`, which is all that the palette's conditions use. Turning on and off asks the setting. */
function holds(condition: string, keys: ContextKeys, enabled: boolean): boolean {
  return condition.split(' && ').every((part) => {
    const key = part.replace(/^!/, '');
    const value = key === 'config.graft.enabled' ? enabled : keys[key as keyof ContextKeys];
    expect(typeof value, `${key} is no context key`).toBe('boolean');
    return part.startsWith('!') ? !value : value;
  });
}

describe('by keyboard', () => {
  it.each(commands)('$command is in the palette in some state, under its category', ({ command, title, category, enablement }) => {
    expect([category, title]).toEqual(['Graft', expect.stringMatching(/^[A-Z]/)]);
    const conditions = [enablement, ...menus.commandPalette.filter((item) => item.command === command).map(({ when }) => when)].filter((one) => one !== undefined);
    const reachable = states.some((state) => conditions.every((condition) => holds(condition, keysOf(state), state.kind !== 'off')));
    expect(reachable, conditions.join(', ')).toBe(true);
  });

  it('what a row offers beside its label, its menu offers too', () => {
    const rows = menus['view/item/context'];
    const inline = rows.filter(({ group }) => group?.startsWith('inline'));
    expect(inline.length).toBeGreaterThan(3);
    const within = (command: string, when: string): boolean => rows.some((item) => item.command === command && !item.group?.startsWith('inline') && covers(item.when ?? '', when));
    expect(inline.filter(({ command, when }) => !within(command, when ?? ''))).toEqual([]);
  });

  it('what the title bar of the view offers, the palette offers too', () => {
    const palette = new Set(commands.map(({ command }) => command));
    expect(menus['view/title'].filter(({ command }) => !palette.has(command))).toEqual([]);
  });

  it('every context key of menus and welcome texts is one that the extension sets', () => {
    const known = new Set<string>(Object.keys(keysOf({ kind: 'off' })));
    const conditions = [...Object.values(menus).flat().map(({ when }) => when), ...contributes.viewsWelcome.map(({ when }) => when), ...commands.map(({ enablement }) => enablement)];
    const named = conditions.flatMap((condition) => [...(condition ?? '').matchAll(/(?<!config\.|== )\bgraft\.[A-Za-z]+/g)].map(([key]) => key)).filter((key) => key !== 'graft.versions');
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((key) => !known.has(key))).toEqual([]);
  });

  it.each([contributes.configuration].flat().flatMap(({ properties }) => Object.entries(properties)))('%s is edited on the settings page, not in a file', (_, setting) => {
    const types = [setting.type].flat();
    expect(types.every((type) => ['string', 'boolean', 'number', 'integer', 'null', 'array'].includes(type))).toBe(true);
    if (types.includes('array')) expect(setting.items?.type).toBe('string');
    expect((setting.markdownDescription ?? setting.description ?? '').length).toBeGreaterThan(20);
  });
});

/** The menu's condition is the inline one, or that of a wider set of rows. */
function covers(wide: string, narrow: string): boolean {
  const words = (condition: string): string[] => [...(/viewItem =~ \/(.*?)\/(?: |$)/.exec(condition)?.[1] ?? '').replaceAll('\\b', '').matchAll(/[A-Za-z]+/g)].map(([word]) => word);
  return wide === narrow || words(wide).every((word) => words(narrow).includes(word));
}
