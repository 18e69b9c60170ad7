// `graft watch`: learns each commit as it comes, in the learner worker, until it is stopped.
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { learnerEventSchema, type LearnerEvent, type LearnerRequest } from '../protocol/learner.ts';
import type { CommandContext } from './context.ts';
import type { CommandResult } from './output.ts';

export interface WatchCommandOptions {
  readonly approve: readonly string[];
  readonly tests: boolean;
  readonly signal: AbortSignal;
}

export async function watchCommand(context: CommandContext, options: WatchCommandOptions): Promise<CommandResult> {
  const authors = await context.authors(options.approve);
  const worker = new Worker(join(context.installation.root, 'dist', 'learnerMain.cjs'));
  const ask = (request: LearnerRequest): void => worker.postMessage(request);
  const outcomes: Extract<LearnerEvent, { type: 'outcome' }>[] = [];
  const ended = new Promise<Error | null>((resolve) => {
    worker.on('message', (message: unknown) => {
      const event = learnerEventSchema.parse(message);
      if (event.type === 'outcome') outcomes.push(event);
      if (event.type === 'closed') return resolve(null);
      const line = describeEvent(event);
      if (line !== null) context.output.log(line);
    });
    worker.on('error', (error) => resolve(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => resolve(null));
  });
  ask({
    type: 'open',
    folder: context.folder,
    installationRoot: context.installation.root,
    cacheFolder: context.cacheFolder,
    seed: context.options.seed,
    runTests: options.tests,
    approvedEmails: authors.kind === 'everyone' ? null : [...authors.emails],
    settings: { enabled: true, budgetMsPerHour: null, sleepWhenIdle: true },
    ...(context.options.model === undefined ? {} : { model: context.options.model }),
    device: context.device,
    ...(context.options.threads === undefined ? {} : { threads: context.options.threads }),
  });
  const stop = (): void => ask({ type: 'close' });
  if (options.signal.aborted) stop();
  else options.signal.addEventListener('abort', stop, { once: true });
  const failure = await ended;
  await worker.terminate();
  if (failure) throw failure;
  return { code: 0, document: { outcomes }, text: '' };
}

function describeEvent(event: LearnerEvent): string | null {
  switch (event.type) {
    case 'ready':
      return `watching with ${event.model} on ${event.engine}; Ctrl-C ends`;
    case 'progress':
      return `${event.branch} ${event.done + 1}/${event.total} ${event.phase}${event.share === null ? '' : ` ${Math.round(100 * event.share)} %`}`;
    case 'outcome':
    case 'slept':
    case 'note':
      return event.text;
    case 'nothing':
      return event.reason;
    case 'serve':
      return event.branch === null ? `HEAD is detached at ${event.head.slice(0, 8)}` : `on ${event.branch}`;
    case 'tell':
      return event.why;
    case 'engineEnded':
      return event.message;
    case 'failed':
      return `${event.code}: ${event.message}`;
    case 'closed':
      return 'closed';
    // Told to the language server only.
    case 'standing':
    case 'answered':
    case 'refused':
      return null;
  }
}
