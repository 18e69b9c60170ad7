// The menu, the log, settings, walkthrough, on and off, restart.
import { commands, window, workspace, type LogOutputChannel } from 'vscode';
import type { Server } from '../connection/server.ts';
import { chosen, type Command } from './command.ts';
import { menuItems } from './menuItems.ts';
import { writeSetting } from './writeSetting.ts';

export function appCommands(server: Server, log: LogOutputChannel, extensionId: string): Record<string, Command> {
  const runs = (command: string, ...rest: unknown[]): Command => async () => void (await commands.executeCommand(command, ...rest));
  const turn = (on: boolean): Command => async () => writeSetting('enabled', on);
  const isOn = (): boolean => workspace.getConfiguration('graft').get('enabled', true);
  return {
    'graft.showMenu': async () => {
      const { command } = chosen(await window.showQuickPick(menuItems(server.state), { placeHolder: 'Graft' }));
      await commands.executeCommand(command);
    },
    'graft.showLog': async () => log.show(),
    'graft.showVersions': runs('graft.versions.focus'),
    'graft.manageTrust': runs('workbench.trust.manage'),
    'graft.openSettings': runs('workbench.action.openSettings', `@ext:${extensionId}`),
    'graft.openWalkthrough': runs('workbench.action.openWalkthrough', `${extensionId}#graft.start`, false),
    'graft.turnOn': turn(true),
    'graft.turnOff': turn(false),
    'graft.restartServer': async () => {
      // Keybindings and other extensions ask no enablement of the manifest.
      if (!isOn()) throw new Error('Graft is off. Run "Graft: Turn On" to start it.');
      await server.stop();
      // Stopping takes a while, in which it may have been turned off.
      if (isOn()) await server.start();
    },
  };
}
