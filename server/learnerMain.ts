// The learner worker's root: a thread that watches one repository and runs the wake and sleep cycles, so that whoever started it
// (the language server, `graft watch`) never waits for parsing, tokenizing or scoring. The engine is a process of its own below it.
import { parentPort } from 'node:worker_threads';
import { OperatingError } from './base/operatingError.ts';
import { describeOutcome, describeSleep } from './commandLine/learnCommand.ts';
import { EngineError } from './engineClient/errors.ts';
import { watchRepository, type RepositoryWatch } from './git/watchRepository.ts';
import { nodeFolderWatcher } from './host/nodeFolderWatcher.ts';
import { systemClock } from './host/systemClock.ts';
import { installationAt } from './installation.ts';
import { learn } from './learning/learn.ts';
import { LearnerLoop } from './learning/learnerLoop.ts';
import { sleepCycle } from './learning/sleepCycle.ts';
import { openWorkspace, type Workspace } from './openWorkspace.ts';
import { learnerRequestSchema, type LearnerEvent, type LearnerOpen, type LearnerRequest } from './protocol/learner.ts';

interface Opened {
  readonly workspace: Workspace;
  readonly loop: LearnerLoop;
  readonly watch: RepositoryWatch;
}

const port = parentPort;
if (port === null) throw new Error('The learner is a worker thread: it is started by Graft itself.');
const send = (event: LearnerEvent): void => port.postMessage(event);

let opened: Promise<Opened> | undefined;
port.on('message', (message: unknown) => void receive(learnerRequestSchema.parse(message)).catch(fail));

async function receive(request: LearnerRequest): Promise<void> {
  switch (request.type) {
    case 'open':
      opened = open(request);
      await opened;
      return;
    case 'settings':
      return (await opened)?.loop.handle({ kind: 'settings', settings: request.settings });
    case 'activity':
    case 'learnNow':
    case 'cancel':
      return (await opened)?.loop.handle({ kind: request.type });
    case 'close':
      await close();
  }
}

async function open(request: LearnerOpen): Promise<Opened> {
  const workspace = await openWorkspace({
    folder: request.folder,
    installation: installationAt(request.installationRoot),
    cacheFolder: request.cacheFolder,
    model: request.model,
    threads: request.threads,
    nice: 10,
    runTests: request.runTests,
    authors: request.approvedEmails === null ? { kind: 'everyone' } : { kind: 'approved', emails: request.approvedEmails, commits: new Set() },
    onEngineCrash: (message) => send({ type: 'failed', code: 'engineCrashed', message }),
  });
  const loop = loopOf(workspace, request);
  const watch = await watchRepository({
    repository: workspace.repository,
    watcher: nodeFolderWatcher,
    clock: systemClock,
    onChange: ({ state }) => loop.handle({ kind: 'repository', state }),
    onError: fail,
  });
  const { model } = workspace.opened;
  send({ type: 'ready', model: model.info.name, engine: model.info.engine });
  loop.handle({ kind: 'repository', state: watch.first.state });
  return { workspace, loop, watch };
}

function loopOf({ learner }: Workspace, { settings, seed }: LearnerOpen): LearnerLoop {
  return new LearnerLoop({
    clock: systemClock,
    settings,
    async learn({ branch }, signal) {
      await learn(learner, {
        branch,
        seed,
        signal,
        onProgress: ({ phase, share, done, total, commits }) => send({ type: 'progress', branch, commits: [...commits], phase, share: share ?? null, done, total }),
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
    },
    async sleep({ branch }, signal) {
      send({ type: 'slept', text: describeSleep(await sleepCycle(learner, { branch, seed }, { signal })) });
    },
    onServe: ({ branch, head }) => send({ type: 'serve', branch, head }),
    onTell: (why) => send({ type: 'tell', why }),
    onFailure: fail,
    isCrash: (error) => error instanceof EngineError && error.code === 'engineCrashed',
  });
}

async function close(): Promise<void> {
  const parts = await opened?.catch(() => undefined);
  parts?.watch.dispose();
  await parts?.loop.dispose();
  await parts?.workspace.dispose();
  send({ type: 'closed' });
  port?.close();
}

function fail(error: unknown): void {
  send({
    type: 'failed',
    code: error instanceof OperatingError ? error.code : 'failed',
    message: error instanceof Error ? error.message : String(error),
  });
}
