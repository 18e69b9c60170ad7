// One repository in the learner worker: the schedule, and the model that it opens on first need. The engine process ends again after a
// while without work, so that an idle learner holds no memory.
import { withDefaults } from './learnerSettings.ts';
import { describeOutcome, describeSleep } from './commandLine/learnCommand.ts';
import { engineDeaths, EngineError } from './engineClient/errors.ts';
import { watchRepository, type RepositoryWatch } from './git/watchRepository.ts';
import { nodeFolderWatcher } from './host/nodeFolderWatcher.ts';
import { systemClock } from './host/systemClock.ts';
import { installationAt } from './installation.ts';
import { KeptOpen } from './keptOpen.ts';
import { keepWithinDisk } from './learning/diskBudget.ts';
import { learn } from './learning/learn.ts';
import { LearnerLoop } from './learning/learnerLoop.ts';
import { retrain } from './learning/retrain.ts';
import { sleepCycle } from './learning/sleepCycle.ts';
import { openRepositoryAndStore, type OpenedRepository } from './openRepositoryAndStore.ts';
import { openWorkspace, type Workspace } from './openWorkspace.ts';
import type { LearnerAnswer, LearnerAsk, LearnerEvent, LearnerOpen, LearnerSettings } from './protocol/learner.ts';
import { watchMemory } from './memoryWatch.ts';
import { readJournal } from './store/journal.ts';
import { languageOf } from './syntax/languages.ts';
import { WithdrawableAsks } from './withdrawableAsks.ts';

/** An engine that nobody needed for so long ends. */
const keepModelMs = 5 * 60_000;
/** What today's budget can still count. */
const spentMemoryMs = 25 * 3600_000;

export class LearnerSession {
  private watch: RepositoryWatch | undefined;
  private readonly asks = new WithdrawableAsks();

  private constructor(
    private readonly request: LearnerOpen,
    private readonly opened: OpenedRepository,
    private readonly workspace: KeptOpen<Workspace>,
    readonly loop: LearnerLoop,
    private settings: LearnerSettings,
  ) {}

  static async open(request: LearnerOpen, send: (event: LearnerEvent) => void, fail: (error: unknown) => void): Promise<LearnerSession> {
    const opened = await openRepositoryAndStore({ folder: request.folder });
    let memory: { dispose(): void } | undefined;
    const workspace = new KeptOpen({
      clock: systemClock,
      keepMs: keepModelMs,
      open: async () => {
        const each = await openFor(request, send);
        const mostBytes = request.memoryBytes;
        if (mostBytes !== undefined) memory = watchMemory({ clock: systemClock, bytesInUse: () => each.opened.memoryBytes(), mostBytes, onOver: (bytes) => session.overMemory(bytes, send) });
        return each;
      },
      close: (each) => {
        memory?.dispose();
        return each.dispose();
      },
    });
    const sinceMs = systemClock.nowMs() - spentMemoryMs;
    const spent = (await readJournal(opened.store)).filter(({ atMs }) => atMs > sinceMs).map(({ atMs, seconds }) => ({ atMs, ms: 1000 * (seconds?.['total'] ?? 0) }));
    const { seed } = request;
    const loop = new LearnerLoop({
      clock: systemClock,
      settings: withDefaults(request.settings),
      spent,
      learn: ({ branch }, signal) =>
        workspace.use(async ({ learner }) => {
          const result = await learn(learner, {
            branch,
            seed,
            signal,
            onProgress: ({ phase, share, done, total, commits }) => send({ type: 'progress', work: 'commits', branch, commits: [...commits], phase, share: share ?? null, done, total }),
            onOutcome: (outcome) =>
              send({
                type: 'outcome',
                kind: outcome.kind,
                branch,
                commits: [...outcome.cycle.commits],
                version: outcome.kind === 'skipped' ? null : (outcome.version?.id ?? null),
                text: describeOutcome(outcome),
              }),
          });
          for (const text of result.notes) send({ type: 'note', text });
          if (result.kind === 'nothing') send({ type: 'nothing', reason: result.reason });
          else if (result.remainingCommits > 0) send({ type: 'note', text: `${result.remainingCommits} older commits wait: the budget of a first use is spent. The next commit, or "Learn Now", goes on with them.` });
          await session.lookAtDisk();
        }),
      sleep: ({ branch }, signal) =>
        workspace.use(async ({ learner }) => {
          const onProgress = ({ phase, share }: { readonly phase: string; readonly share?: number }): void =>
            send({ type: 'progress', work: 'sleep', branch, commits: [], phase, share: share ?? null, done: 0, total: 1 });
          send({ type: 'slept', text: describeSleep(await sleepCycle(learner, { branch, seed }, { signal, onProgress })) });
          await session.lookAtDisk();
        }),
      onServe: ({ branch, head }) => send({ type: 'serve', branch, head }),
      onTell: (why) => send({ type: 'tell', why }),
      onStanding: (standing) => send({ type: 'standing', standing }),
      onFailure: fail,
      isCrash: (error) => error instanceof EngineError && engineDeaths.includes(error.code),
    });
    const session = new LearnerSession(request, opened, workspace, loop, request.settings);
    await session.begin(fail);
    return session;
  }

  changeSettings(settings: LearnerSettings): void {
    this.settings = settings;
    this.loop.handle({ kind: 'settings', settings: withDefaults(settings) });
    void this.lookAtDisk().catch(() => undefined);
  }

  /** Answers what needs the engine for itself, unless it is withdrawn before. */
  answer(ask: LearnerAsk, send: (event: LearnerEvent) => void): Promise<LearnerAnswer> {
    return this.asks.run(ask.id, (withdrawn, begin) =>
      this.loop.alone(async (stopped) => {
        begin();
        return this.retrain(ask, AbortSignal.any([stopped, withdrawn]), send);
      }),
    );
  }

  withdraw(id: number): void {
    this.asks.withdraw(id);
  }

  private retrain({ id, version, strike, restore, edits }: LearnerAsk, signal: AbortSignal, send: (event: LearnerEvent) => void): Promise<LearnerAnswer> {
    return this.workspace.use(async ({ learner }) => {
      const outcome = await retrain(
        learner,
        { version, seed: this.request.seed, strike, restore, edits },
        { signal, onProgress: ({ phase, share }) => send({ type: 'progress', work: 'retrain', branch: '', commits: [], phase, share: share ?? null, done: 0, total: 1 }) },
      );
      await this.lookAtDisk();
      return { type: 'answered', id, version: outcome.kind === 'skipped' ? null : (outcome.version?.id ?? null), promoted: outcome.kind === 'promoted', text: describeOutcome(outcome) };
    });
  }

  /** The cycle is stopped first, so that it ends as stopped and not as failed. */
  private overMemory(bytes: number, send: (event: LearnerEvent) => void): void {
    const megabytes = (of: number): number => Math.round(of / 1024 / 1024);
    send({ type: 'failed', code: 'memoryShort', message: `Learning needed ${megabytes(bytes)} MB, more than the ${megabytes(this.request.memoryBytes ?? 0)} that graft.budget.memoryMb allows. It is stopped and its commits wait: raise the setting or choose a smaller model.` });
    this.loop.handle({ kind: 'memory' });
    void this.workspace.dispose();
  }

  async close(): Promise<void> {
    this.watch?.dispose();
    await this.loop.dispose();
    await this.workspace.dispose();
  }

  /** Whoever is told of the repository's moves needs no watch; `graft watch` has nobody to tell it, and says at once what it works with. */
  private async begin(fail: (error: unknown) => void): Promise<void> {
    await this.lookAtDisk();
    if (this.request.watch === 'told') return;
    await this.workspace.use(async () => undefined);
    this.watch = await watchRepository({
      repository: this.opened.repository,
      watcher: nodeFolderWatcher,
      clock: systemClock,
      onChange: ({ state }) => this.loop.handle({ kind: 'repository', state }),
      onError: fail,
    });
    this.loop.handle({ kind: 'repository', state: this.watch.first.state });
  }

  private async lookAtDisk(): Promise<void> {
    const budget = this.settings.diskBytes ?? null;
    const full = budget !== null && (await keepWithinDisk(this.opened, budget)).full;
    this.loop.handle({ kind: 'disk', full });
  }
}

async function openFor(request: LearnerOpen, send: (event: LearnerEvent) => void): Promise<Workspace> {
  const { languages } = request;
  const workspace = await openWorkspace({
    folder: request.folder,
    installation: installationAt(request.installationRoot),
    cacheFolder: request.cacheFolder,
    model: request.model,
    threads: request.threads,
    device: request.device,
    gpuShare: request.gpuShare,
    nice: 10,
    runTests: request.runTests,
    testCommand: request.testCommand ?? null,
    authors: request.approvedEmails === null ? { kind: 'everyone' } : { kind: 'approved', emails: request.approvedEmails, commits: new Set() },
    ignore: request.ignore ?? [],
    learns: (path) => languages === undefined || languages.includes(languageOf(path) ?? ''),
    onEngineCrash: (message) => send({ type: 'engineEnded', message }),
  });
  const { model } = workspace.opened;
  send({ type: 'ready', model: model.info.name, engine: model.info.engine });
  return workspace;
}
