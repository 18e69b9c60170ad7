// Writes a setting of Graft where the value that counts is set: one of the workspace silently wins over the user's.
import { ConfigurationTarget, workspace } from 'vscode';

export async function writeSetting(name: string, value: string | boolean): Promise<void> {
  const settings = workspace.getConfiguration('graft');
  const closest = settings.inspect(name)?.workspaceValue === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
  await settings.update(name, value, closest);
}
