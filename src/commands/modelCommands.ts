// Choose the model: one that is known, or any folder with a checkpoint. The choice is the setting `graft.model`; the server follows the setting.
// One that is not on this machine is fetched by Graft's command line in a terminal, where its licence and progress can be read.
import { QuickPickItemKind, window, type QuickPickItem } from 'vscode';
import type { Server } from '../connection/server.ts';
import { chosen, type Command } from './command.ts';
import { writeSetting } from './writeSetting.ts';

interface ModelChoice extends QuickPickItem {
  readonly value: string | null;
  readonly installed: boolean;
}

export function modelCommands(server: Server, commandLine: string): Record<string, Command> {
  return {
    'graft.chooseModel': async () => {
      const models = await server.request('models', {});
      const items: ModelChoice[] = models.map(({ name, detail, installed, active }) => ({
        label: `$(${active ? 'check' : installed ? 'chip' : 'cloud-download'}) ${name}`,
        description: active ? 'serves now' : installed ? 'installed' : 'to download',
        detail,
        value: name,
        installed,
      }));
      const own: ModelChoice = { label: '$(folder) A folder…', detail: 'Any folder with a Hugging Face checkpoint of a supported family', value: null, installed: true };
      const separator = { label: 'your own', kind: QuickPickItemKind.Separator, value: null, installed: true };
      const { value, installed } = chosen(await window.showQuickPick([...items, separator, own], { placeHolder: 'Which model?', matchOnDetail: true }));
      const model = value ?? (await pickFolder());
      if (!installed) await fetchModel(model, commandLine);
      await writeSetting('model', model);
    },
  };
}

async function pickFolder(): Promise<string> {
  const [folder] = chosen(await window.showOpenDialog({ title: 'Choose a model folder', openLabel: 'Use This Model', canSelectFiles: false, canSelectFolders: true }));
  return chosen(folder).fsPath;
}

/** Resolves when the model is on this machine. */
async function fetchModel(name: string, commandLine: string): Promise<void> {
  const detail = 'It is downloaded from the Hugging Face hub, under its own licence, into your cache folder. Nothing is sent but the request.';
  chosen(await window.showWarningMessage(`Fetch ${name}?`, { modal: true, detail }, 'Fetch'));
  // The editor's own Node: in the desktop that is Electron, which must be told to be one.
  const terminal = window.createTerminal({ name: `Fetch ${name}`, shellPath: process.execPath, shellArgs: [commandLine, 'model', 'pull', name], env: { ELECTRON_RUN_AS_NODE: '1' } });
  terminal.show();
  const code = await new Promise<number | undefined>((resolve) => {
    const closed = window.onDidCloseTerminal((one) => {
      if (one !== terminal) return;
      closed.dispose();
      resolve(one.exitStatus?.code);
    });
  });
  if (code !== 0) throw new Error(`${name} was not fetched, so the model stays as it is. The terminal says why.`);
}
