// What every command needs, opened only as far as the command needs it: git and the store, the model's identity, or everything.
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { readUserConfig } from '../git/userConfig.ts';
import type { AuthorPolicy } from '../filters/filters.ts';
import { nodeFiles } from '../host/nodeFiles.ts';
import { nodeLargeFiles } from '../host/nodeLargeFiles.ts';
import { nodeProcesses } from '../host/nodeProcesses.ts';
import { userCacheFolder, type Installation } from '../installation.ts';
import { LearningError } from '../learning/errors.ts';
import { findModel, type ModelPlaces } from '../models/findModel.ts';
import { hashModel } from '../models/modelHash.ts';
import { openRepositoryAndStore, type OpenedRepository } from '../openRepositoryAndStore.ts';
import { openWorkspace, type Workspace } from '../openWorkspace.ts';
import type { Device } from '../protocol/engine.ts';
import { CommandError } from './errors.ts';
import { Output } from './output.ts';

export interface GlobalOptions {
  readonly repo: string;
  readonly json: boolean;
  readonly model?: string;
  readonly device: 'auto' | 'cpu' | 'webgpu' | 'cuda';
  readonly seed: number;
  readonly threads?: number;
}

export class CommandContext {
  readonly output: Output;
  readonly cacheFolder = userCacheFolder();

  constructor(
    readonly installation: Installation,
    readonly options: GlobalOptions,
  ) {
    this.output = new Output({ json: options.json });
  }

  get folder(): string {
    return resolve(this.options.repo);
  }

  get modelPlaces(): ModelPlaces {
    return { bundledFolder: this.installation.starterFolder, cacheFolder: this.cacheFolder, workingFolder: process.cwd() };
  }

  /** `auto` is the CPU: WebGPU has never been timed on a GPU here, so nobody is put on it unasked. */
  get device(): Device {
    const { device } = this.options;
    if (device === 'cuda') throw new CommandError('deviceNotAvailable', `Graft cannot run on ${device} yet. Leave --device out to use the CPU.`, { device });
    return device === 'auto' ? 'cpu' : device;
  }

  repository(): Promise<OpenedRepository> {
    return openRepositoryAndStore({ folder: this.folder });
  }

  /** Identity of the model that --model names; no engine is started for it. */
  async modelHash(): Promise<string> {
    const folder = await findModel(nodeFiles, this.options.model, this.modelPlaces);
    return hashModel(folder, { files: nodeFiles, largeFiles: nodeLargeFiles, cacheFolder: this.cacheFolder });
  }

  /** Runs with everything open and closes it again, whatever happens. */
  async withWorkspace<T>(
    use: (workspace: Workspace) => Promise<T>,
    more: { readonly authors?: AuthorPolicy; readonly runTests?: boolean; readonly storeRoot?: string } = {},
  ): Promise<T> {
    const workspace = await openWorkspace({
      folder: this.folder,
      installation: this.installation,
      cacheFolder: this.cacheFolder,
      model: this.options.model,
      threads: this.options.threads,
      device: this.device,
      authors: more.authors ?? { kind: 'everyone' },
      runTests: more.runTests ?? true,
      onEngineCrash: (message) => this.output.log(message),
      ...(more.storeRoot === undefined ? {} : { storeRoot: more.storeRoot }),
    });
    try {
      return await use(workspace);
    } finally {
      await workspace.dispose();
    }
  }

  /** The branch that a command is about: the one named, or the one that is checked out. */
  async branch(opened: OpenedRepository, named: string | undefined): Promise<string> {
    if (named !== undefined) return named;
    const state = await opened.repository.state();
    if (state.kind === 'onBranch' || state.kind === 'noCommits') return state.branch;
    throw new LearningError('unknownBranch', 'HEAD is not on a branch. Name one with --branch.', { state: state.kind });
  }

  /**
   * Whose commits may teach: the user's own (`user.email`), those approved once and for all (`git config --add graft.approvedAuthor EMAIL`),
   * and those approved for this run. Names can be forged, so nobody else's are taken by themselves.
   */
  async authors(approve: readonly string[]): Promise<AuthorPolicy> {
    if (approve.includes('all')) return { kind: 'everyone' };
    const ask = (key: string) =>
      readUserConfig(key, { processes: nodeProcesses, folder: this.folder, searchPath: process.env['PATH'] ?? '', home: homedir() });
    const [own, configured] = await Promise.all([ask('user.email'), ask('graft.approvedAuthor')]);
    if (configured.includes('all')) return { kind: 'everyone' };
    return { kind: 'approved', emails: [...own, ...configured, ...approve], commits: new Set() };
  }

}
