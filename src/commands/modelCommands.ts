// Choose the model: one that is known, or any folder with a checkpoint. The choice is the setting `graft.model`; the server follows the setting.
import { ConfigurationTarget, QuickPickItemKind, window, workspace, type QuickPickItem } from 'vscode';
import type { Server } from '../connection/server.ts';
import { chosen, type Command } from './command.ts';

interface ModelChoice extends QuickPickItem {
  readonly value: string | null;
}

export function modelCommands(server: Server): Record<string, Command> {
  return {
    'graft.chooseModel': async () => {
      const models = await server.request('models', {});
      const items: ModelChoice[] = models.map(({ name, detail, installed, active }) => ({
        label: `$(${active ? 'check' : installed ? 'chip' : 'cloud-download'}) ${name}`,
        description: active ? 'serves now' : installed ? 'installed' : 'to download',
        detail,
        value: name,
      }));
      const own: ModelChoice = { label: '$(folder) A folder…', detail: 'Any folder with a Hugging Face checkpoint of a supported family', value: null };
      const separator = { label: 'your own', kind: QuickPickItemKind.Separator, value: null };
      const { value } = chosen(await window.showQuickPick([...items, separator, own], { placeHolder: 'Which model?', matchOnDetail: true }));
      const model = value ?? (await pickFolder());
      await workspace.getConfiguration('graft').update('model', model, ConfigurationTarget.Global);
    },
  };
}

async function pickFolder(): Promise<string> {
  const [folder] = chosen(await window.showOpenDialog({ title: 'Choose a model folder', openLabel: 'Use This Model', canSelectFiles: false, canSelectFolders: true }));
  return chosen(folder).fsPath;
}
