// The menu, the log, settings, walkthrough, on and off, restart.
import { ConfigurationTarget, commands, window, workspace, type LogOutputChannel } from 'vscode';
import type { Server } from '../connection/server.ts';
import { chosen, type Command } from './command.ts';
import { menuItems } from './menuItems.ts';

export function appCommands(server: Server, log: LogOutputChannel, extensionId: string): Record<string, Command> {
  const runs = (command: string, ...rest: unknown[]): Command => async () => void (await commands.executeCommand(command, ...rest));
  // Where the setting is set most closely, so that it has an effect.
  const turn = (on: boolean): Command => async () => {
    const settings = workspace.getConfiguration('graft');
    const closest = settings.inspect('enabled')?.workspaceValue === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
    await settings.update('enabled', on, closest);
  };
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
      await server.stop();
      await server.start();
    },
  };
}
