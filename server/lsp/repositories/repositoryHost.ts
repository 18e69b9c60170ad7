// One open repository: where its HEAD stands, which version serves it, and its learner. It follows moves from every side: git's own files
// (commits, checkouts), the store's branch files (the learner, another window, the command line), and the settings.
import type { Clock } from '../../base/clock.ts';
import type { FolderWatcher } from '../../base/folderWatcher.ts';
import type { RepositoryState } from '../../git/commit.ts';
import { watchRepository, type RepositoryWatch } from '../../git/watchRepository.ts';
import type { LanguageModel } from '../../languageModel/languageModel.ts';
import type { RepositoryStatus } from '../../protocol/assistant.ts';
import type { LearnerEvent, LearnerOpen, LearnerSettings } from '../../protocol/learner.ts';
import { readPaused, writePaused } from '../../store/pausedLearning.ts';
import type { LearnerThread, OpenedRepository } from '../capabilities.ts';
import type { Editor } from '../editor.ts';
import { messageOf } from '../errors.ts';
import { LearnerHost } from '../learner/learnerHost.ts';
import { newsOf, newsOfDeath, type News } from '../learner/learnerNews.ts';
import { learningAfter, learningAfterDeath } from '../learner/learnerStatus.ts';
import { OneAtATime } from '../oneAtATime.ts';
import { AdapterSwap } from '../serving/adapterSwap.ts';
import { servedVersion } from '../serving/servedVersion.ts';
import { SourceTexts } from './sourceTexts.ts';
import { FeedbackFile } from '../feedback/feedbackFile.ts';
import { CommitSubjects } from './commitSubjects.ts';

export interface RepositoryHostParts {
  readonly clock: Clock;
  readonly watcher: FolderWatcher;
  readonly editor: Editor;
  readonly startLearner: () => LearnerThread;
  /** Null while there is no model. */
  readonly model: () => LanguageModel | null;
  readonly setActive: (folder: string, active: { readonly version: string | null; readonly adapter: string | null }) => void;
  readonly onStatus: () => void;
}

/** File events this close together count as one. */
const quietMs = 60;

export class RepositoryHost {
  readonly folder: string;
  readonly name: string;
  readonly texts: SourceTexts;
  readonly subjects: CommitSubjects;
  readonly feedback: FeedbackFile;
  state: RepositoryState | null = null;
  private learning: RepositoryStatus['learning'] = { kind: 'idle' };
  private learner: LearnerHost | null = null;
  private learnerOpen = '';
  private teaching: Promise<void> = Promise.resolve();
  private lastTrouble = '';
  private watch: RepositoryWatch | null = null;
  private storeWatch: { dispose(): void } | null = null;
  private readonly swap: AdapterSwap;
  private readonly serving = new OneAtATime(() => this.serveNow());
  private readonly storeEvents = new OneAtATime(() => this.storeMoved());
  private readonly ending = new AbortController();

  constructor(
    readonly opened: OpenedRepository,
    private readonly parts: RepositoryHostParts,
  ) {
    this.folder = opened.repository.workTree ?? opened.repository.gitDir;
    this.name = opened.repository.name;
    this.texts = new SourceTexts({ files: opened.store.files, clock: parts.clock, folder: this.folder });
    this.subjects = new CommitSubjects(opened.repository);
    this.feedback = new FeedbackFile(opened.store);
    this.swap = new AdapterSwap((active) => parts.setActive(this.folder, active));
  }

  get branch(): string | null {
    return this.state?.kind === 'onBranch' || this.state?.kind === 'noCommits' ? this.state.branch : null;
  }

  get version(): string | null {
    return this.swap.version;
  }

  /** What the engine is to be asked with. */
  get active(): { readonly version: string | null; readonly adapter: string | null } {
    return { version: this.swap.version, adapter: this.swap.adapter };
  }

  status(): RepositoryStatus {
    return { folder: this.folder, branch: this.branch, version: this.version, learning: this.learning };
  }

  /** Begins to watch; what fails is told and leaves the repository served by the base model. */
  async start(): Promise<void> {
    const { store, repository } = this.opened;
    const { clock, watcher } = this.parts;
    // Made now so that there is something to watch: another window may write the first branch file.
    await store.files.makeFolder(store.layout.branches);
    this.storeWatch = watcher.watch({
      folder: store.layout.branches,
      recursive: false,
      onChange: (name) => {
        if (name === null || name.endsWith('.json')) void this.storeEvents.ask();
      },
      onError: (error) => this.parts.editor.log(`${this.name}: its versions cannot be watched: ${messageOf(error)}`),
    });
    this.watch = await watchRepository({ repository, watcher, clock, onChange: ({ state }) => this.headMoved(state), onError: (error) => this.tellFailure(error) });
    if (this.ending.signal.aborted) return this.watch.dispose();
    this.headMoved(this.watch.first.state);
  }

  /** Looks at HEAD now: somebody says that it moved. */
  async look(): Promise<void> {
    this.headMoved(await this.opened.repository.state());
  }

  /** Starts the learner, tells it new settings, or starts it anew where only that will do. */
  teach(open: Omit<LearnerOpen, 'settings'>, settings: LearnerSettings): Promise<void> {
    this.teaching = this.teaching.catch(() => undefined).then(() => this.teachNow(open, settings));
    return this.teaching;
  }

  /** Now, and until it is resumed: also in windows of this repository that are opened later. */
  async pause(paused: boolean): Promise<void> {
    this.learner?.tell({ type: paused ? 'pause' : 'resume' });
    await writePaused(this.opened.store, paused);
  }

  /** Null until it has been started. */
  get taught(): LearnerHost | null {
    return this.learner;
  }

  /** The model that served is gone, and its adapters with it. */
  modelGone(): void {
    this.swap.forget();
    this.parts.onStatus();
  }

  /** Looks again at which version serves, and swaps; resolves when it does. */
  serve(): Promise<void> {
    return this.serving.ask();
  }

  async dispose(): Promise<void> {
    this.ending.abort();
    this.watch?.dispose();
    this.storeWatch?.dispose();
    await Promise.all([this.learner?.dispose(), this.swap.dispose()]);
  }

  private async teachNow(open: Omit<LearnerOpen, 'settings'>, settings: LearnerSettings): Promise<void> {
    const key = JSON.stringify(open);
    if (this.learner !== null && key === this.learnerOpen) return this.learner.tell({ type: 'settings', settings });
    const paused = this.learner?.isPaused ?? (await readPaused(this.opened.store));
    await this.learner?.dispose();
    if (this.ending.signal.aborted) return;
    this.learnerOpen = key;
    this.learner = new LearnerHost(
      {
        clock: this.parts.clock,
        start: this.parts.startLearner,
        onEvent: (event) => this.learnerSaid(event),
        onDeath: (why, restartMs) => this.learnerDied(why, restartMs),
      },
      { ...open, settings },
    );
    if (paused) {
      this.learner.tell({ type: 'pause' });
      // Shown at once: the thread says so only after it has opened.
      this.learning = { kind: 'paused', why: 'byUser' };
      this.parts.onStatus();
    }
    if (this.state !== null) this.learner.tell({ type: 'repository', state: this.state });
  }

  private headMoved(state: RepositoryState): void {
    if (JSON.stringify(state) === JSON.stringify(this.state) || this.ending.signal.aborted) return;
    this.state = state;
    this.learner?.tell({ type: 'repository', state });
    this.parts.onStatus();
    void this.serve();
    void this.texts.warm(this.opened.repository, state).catch(() => undefined);
    this.parts.editor.storeChanged(this.folder);
  }

  private async storeMoved(): Promise<void> {
    await this.parts.clock.sleep(quietMs, this.ending.signal).catch(() => undefined);
    await this.serve();
    if (!this.ending.signal.aborted) this.parts.editor.storeChanged(this.folder);
  }

  private async serveNow(): Promise<void> {
    const model = this.parts.model();
    if (model === null || this.state === null || this.ending.signal.aborted) return;
    try {
      const served = await servedVersion(this.opened, this.state, model.info.hash);
      if (served === null || this.ending.signal.aborted) return;
      for (const message of served.notices) this.parts.editor.tell({ severity: 'warning', message });
      if (await this.swap.serve(served, model)) this.parts.onStatus();
    } catch (error) {
      this.tellFailure(error);
    }
  }

  private learnerSaid(event: LearnerEvent): void {
    this.pass(newsOf(event, { name: this.name, before: this.learning, asked: this.learner?.isAsked === true }));
    this.learning = learningAfter(this.learning, event);
    if (event.type === 'outcome') this.lastTrouble = '';
    if (event.type === 'outcome' || event.type === 'slept') void this.storeEvents.ask();
    this.parts.onStatus();
  }

  private learnerDied(why: string, restartMs: number | null): void {
    this.pass(newsOfDeath(why, restartMs, { name: this.name, before: this.learning }));
    this.learning = learningAfterDeath(this.learning, restartMs);
    this.parts.onStatus();
  }

  /** The same trouble again says nothing new: a cycle is repeated, an engine started again. */
  private pass({ log, tell }: News): void {
    const { editor } = this.parts;
    if (log !== undefined) editor.log(`${this.name}: ${log}`);
    if (tell === undefined || (tell.severity !== 'information' && tell.message === this.lastTrouble)) return;
    if (tell.severity !== 'information') this.lastTrouble = tell.message;
    editor.tell(tell);
  }

  private tellFailure(error: unknown): void {
    if (this.ending.signal.aborted) return;
    this.parts.editor.log(`${this.name}: ${messageOf(error)}`);
    this.parts.editor.tell({ severity: 'error', message: messageOf(error) });
  }
}
