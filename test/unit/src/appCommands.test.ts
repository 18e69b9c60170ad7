// Commands that change a setting or the server's life: a setting is written where it counts.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogOutputChannel } from 'vscode';
import { appCommands } from '../../../src/commands/appCommands.ts';
import { modelCommands } from '../../../src/commands/modelCommands.ts';
import type { Server } from '../../../src/connection/server.ts';
import { VscodeSettings } from '../../support/vscodeSettings.ts';

let settings = new VscodeSettings();
vi.mock('vscode', () => ({
  ConfigurationTarget: { Global: 'global', Workspace: 'workspace' },
  QuickPickItemKind: { Separator: -1 },
  commands: {},
  window: { showQuickPick: async ([first]: unknown[]) => first },
  workspace: { getConfiguration: () => settings.section },
}));

function serverWith(onStop: () => void = () => undefined) {
  const calls: string[] = [];
  const server = {
    start: async () => void calls.push('start'),
    stop: async () => {
      calls.push('stop');
      onStop();
    },
    request: async () => [{ name: 'tiny', detail: '', installed: true, active: false }],
  };
  return { calls, server: server as unknown as Server };
}

beforeEach(() => {
  settings = new VscodeSettings();
});

describe('a setting', () => {
  const choose = async (): Promise<void> => modelCommands(serverWith().server, 'cli.cjs')['graft.chooseModel']?.({});

  it("is the user's where the workspace says nothing", async () => {
    await choose();
    expect(settings.written).toEqual([{ name: 'model', value: 'tiny', scope: 'global' }]);
  });

  it('is written to the workspace where one of the workspace wins', async () => {
    settings.workspace = { model: 'other', enabled: true };
    await choose();
    await appCommands(serverWith().server, {} as LogOutputChannel, 'graft')['graft.turnOff']?.({});
    expect(settings.written).toEqual([{ name: 'model', value: 'tiny', scope: 'workspace' }, { name: 'enabled', value: false, scope: 'workspace' }]);
  });
});
