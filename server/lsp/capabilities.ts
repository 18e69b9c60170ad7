// What the language server's root supplies: everything that touches files, processes, time or threads.
import type { Clock } from '../base/clock.ts';
import type { Files } from '../base/files.ts';
import type { FolderWatcher } from '../base/folderWatcher.ts';
import type { Repository } from '../git/repository.ts';
import type { LanguageModel } from '../languageModel/languageModel.ts';
import type { ListedModel } from '../models/findModel.ts';
import type { Device } from '../protocol/engine.ts';
import type { LearnerEvent, LearnerRequest } from '../protocol/learner.ts';
import type { StoreAccess } from '../store/storeAccess.ts';
import type { Syntax } from '../syntax/syntax.ts';

export interface OpenedRepository {
  readonly repository: Repository;
  readonly store: StoreAccess;
}

export interface ModelChoice {
  /** '' is the bundled one. */
  readonly model: string;
  readonly device: Device;
}

export interface OpenedModel {
  readonly model: LanguageModel;
  dispose(): void;
}

/** The learner worker, as a thread with messages. */
export interface LearnerThread {
  post(request: LearnerRequest): void;
  onEvent(listener: (event: LearnerEvent) => void): void;
  /** Called once, with what ended it; null: it ended by itself. */
  onEnd(listener: (error: Error | null) => void): void;
  /** Ends it whatever it does, and resolves when it has ended. */
  terminate(): Promise<void>;
}

export interface Capabilities {
  readonly clock: Clock;
  readonly files: Files;
  readonly watcher: FolderWatcher;
  /** A word that no other server process has: the editor outlives this one. */
  readonly session: string;
  /** Starts an engine process of its own. `onCrash` gets why it ended. */
  openModel(options: ModelChoice & { readonly workingFolder: string; readonly onCrash: (why: string) => void }): Promise<OpenedModel>;
  /** Runs git. Rejects with GitError `notARepository` where there is none. */
  openRepository(folder: string): Promise<OpenedRepository>;
  loadSyntax(): Promise<Syntax>;
  startLearner(): LearnerThread;
  /** Addresses whose commits may teach, from git's configuration; `all` for everyone. */
  approvedEmails(folder: string): Promise<readonly string[]>;
  listModels(): Promise<readonly ListedModel[]>;
  /** Where the learner finds what it needs. */
  readonly places: { readonly installationRoot: string; readonly cacheFolder: string };
  /** Texts of the command line's own reports. */
  readonly reports: {
    log(folder: string, choice: ModelChoice): Promise<string>;
    compare(folder: string, versions: { readonly a: string; readonly b: string }): Promise<string>;
    /** Null folder: no repository is looked at and no git is run. */
    doctor(folder: string | null, choice: ModelChoice): Promise<string>;
  };
}
