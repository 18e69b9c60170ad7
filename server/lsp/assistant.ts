// What runs, as the settings and the workspace's trust allow: nothing, completions alone, or everything. One place decides it, whenever
// something changed, by comparing what should run with what does.
import type { TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { readSettings } from '../config/readSettings.ts';
import type { Settings } from '../config/settings.ts';
import type { Status } from '../protocol/assistant.ts';
import { plainPath } from '../protocol/paths.ts';
import type { Capabilities } from './capabilities.ts';
import { Completions } from './completions.ts';
import { pathOf } from './documents/openDocuments.ts';
import type { Editor } from './editor.ts';
import { messageOf } from './errors.ts';
import { learnerOpen, learnerSettings } from './learner/learnerOpen.ts';
import { PowerWatch } from './learner/powerWatch.ts';
import { readOwnTestCommand } from '../reward/ownTestCommand.ts';
import { OneAtATime } from './oneAtATime.ts';
import { Repositories } from './repositories/repositories.ts';
import { RepositoryHost } from './repositories/repositoryHost.ts';
import { ModelHost } from './serving/modelHost.ts';

export interface AssistantParts {
  readonly capabilities: Capabilities;
  readonly editor: Editor;
  readonly documents: TextDocuments<TextDocument>;
  readonly onStatus: () => void;
}

export interface AssistantStart {
  readonly trusted: boolean;
  readonly settings: unknown;
  /** Paths of the workspace's folders. */
  readonly folders: readonly string[];
}

export class Assistant {
  readonly models: ModelHost;
  readonly repositories: Repositories;
  readonly completions: Completions;
  settings: Settings = readSettings({}).settings;
  private trusted = false;
  private folders: readonly string[] = [];
  private power: PowerWatch | null = null;
  private ended = false;
  private readonly reconciling = new OneAtATime(() => this.reconcile());

  constructor(private readonly parts: AssistantParts) {
    const { capabilities, editor, documents, onStatus } = parts;
    const { clock, files, watcher } = capabilities;
    this.models = new ModelHost({ clock, openModel: (options) => capabilities.openModel(options), onChange: () => this.modelChanged(), tell: (tell) => editor.tell(tell) });
    this.repositories = new Repositories({
      files,
      openRepository: (folder) => capabilities.openRepository(folder),
      createHost: (opened) =>
        new RepositoryHost(opened, {
          clock,
          watcher,
          editor,
          startLearner: () => capabilities.startLearner(),
          model: () => this.models.current,
          setActive: (folder, active) => this.completions.setActive(folder, active),
          onStatus,
        }),
      onOpened: (host) => void this.teach(host),
      log: (line) => editor.log(line),
    });
    this.completions = new Completions({
      clock,
      files,
      editor,
      documents,
      placing: { hostOf: (path) => this.repositories.containing(path), workspaceFolders: () => this.folders },
      loadSyntax: () => capabilities.loadSyntax(),
      model: () => this.models.current,
      modelLoading: () => this.models.state.kind === 'loading',
      settings: () => this.settings,
      session: capabilities.session,
    });
    documents.onDidOpen(({ document }) => {
      const path = pathOf(document.uri);
      if (path !== null && this.mode === 'on') void this.repositories.noticeFile(path).catch((error: unknown) => editor.log(messageOf(error)));
    });
  }

  get mode(): Status['mode'] {
    if (!this.settings.enabled || this.ended) return 'off';
    return this.trusted ? 'on' : 'untrusted';
  }

  status(): Status {
    return { mode: this.mode, model: this.models.state, repositories: this.repositories.all().map((host) => host.status()) };
  }

  start({ trusted, settings, folders }: AssistantStart): Promise<void> {
    this.trusted = trusted;
    this.folders = folders;
    return this.changeSettings(settings);
  }

  changeSettings(section: unknown): Promise<void> {
    const { settings, problems } = readSettings(section);
    this.settings = settings;
    const command = settings.tests.command.trim() === '' ? null : readOwnTestCommand(settings.tests.command);
    if (command?.kind === 'unsupportedRunner') this.parts.editor.tell({ severity: 'warning', message: `${command.explanation}. Until then no test judges what is learnt.` });
    for (const message of problems) this.parts.editor.tell({ severity: 'warning', message });
    return this.reconciling.ask();
  }

  changeFolders(folders: readonly string[]): Promise<void> {
    this.folders = folders;
    return this.reconciling.ask();
  }

  grantTrust(): Promise<void> {
    this.trusted = true;
    return this.reconciling.ask();
  }

  /** Somebody saw this repository move, or come to be. */
  async repositoryMoved(folder: string): Promise<void> {
    if (this.mode !== 'on') return;
    const host = this.repositories.all().find((each) => plainPath(each.folder) === plainPath(folder));
    await (host ? host.look() : this.repositories.openAgain(folder));
  }

  /** Ends everything that runs. */
  dispose(): Promise<void> {
    this.ended = true;
    return this.reconciling.ask();
  }

  private async reconcile(): Promise<void> {
    const { mode } = this;
    this.parts.onStatus();
    try {
      if (mode !== 'on') await this.endLearning();
      if (mode === 'off') {
        this.models.stop();
        await this.completions.stop();
      } else {
        // What failed for good is tried again when something changed.
        if (this.models.state.kind === 'failed' && this.models.current === null) this.models.stop();
        this.models.start({ model: this.settings.model, device: this.settings.device }, this.folders[0] ?? '');
        await this.completions.start();
      }
      if (mode === 'on') await this.beginLearning();
    } catch (error) {
      this.parts.editor.log(messageOf(error));
      this.parts.editor.tell({ severity: 'error', message: messageOf(error) });
    }
    this.parts.onStatus();
  }

  private async beginLearning(): Promise<void> {
    const { clock, files } = this.parts.capabilities;
    this.power ??= new PowerWatch({ clock, files, onChange: (onBattery) => this.tellPower(onBattery) });
    await this.repositories.setFolders(this.folders);
    for (const document of this.parts.documents.all()) {
      const path = pathOf(document.uri);
      if (path !== null) await this.repositories.noticeFile(path);
    }
    // Those that were open already hear of the new settings.
    await Promise.all(this.repositories.all().map((host) => this.teach(host)));
  }

  private async endLearning(): Promise<void> {
    this.power?.dispose();
    this.power = null;
    await this.repositories.dispose();
  }

  private async teach(host: RepositoryHost): Promise<void> {
    const { approvedEmails, places } = this.parts.capabilities;
    try {
      const open = learnerOpen(this.settings, { folder: host.folder, ...places, approvedEmails: await approvedEmails(host.folder) });
      await host.teach(open, learnerSettings(this.settings));
      if (this.power?.onBattery) host.taught?.tell({ type: 'power', onBattery: true });
    } catch (error) {
      this.parts.editor.tell({ severity: 'error', message: `Learning in ${host.name} cannot start: ${messageOf(error)}` });
    }
  }

  private tellPower(onBattery: boolean): void {
    for (const host of this.repositories.all()) host.taught?.tell({ type: 'power', onBattery });
  }

  private modelChanged(): void {
    this.parts.onStatus();
    this.completions.lookAgain();
    if (this.models.current === null) {
      for (const host of this.repositories.all()) host.modelGone();
      return;
    }
    for (const host of this.repositories.all()) void host.serve().then(() => this.parts.editor.storeChanged(host.folder));
  }
}
