// Commands that change a setting or the server's life: off stays off, and a setting is written where it counts.
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

describe('restarting the server', () => {
  const restart = (server: Server): Promise<void> | undefined => appCommands(server, {} as LogOutputChannel, 'graft')['graft.restartServer']?.({});

  it('ends it and starts it again', async () => {
    const { calls, server } = serverWith();
    await restart(server);
    expect(calls).toEqual(['stop', 'start']);
  });

  it('starts nothing while Graft is off, and says what to do', async () => {
    settings.global = { enabled: false };
    const { calls, server } = serverWith();
    await expect(restart(server)).rejects.toThrow(/^Graft is off\. Run "Graft: Turn On"/);
    expect(calls).toEqual([]);
  });

  it('starts nothing where Graft is turned off while it stops', async () => {
    const { calls, server } = serverWith(() => (settings.global = { enabled: false }));
    await restart(server);
    expect(calls).toEqual(['stop']);
  });
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
