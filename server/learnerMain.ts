// The learner worker's root: a thread that runs the wake and sleep cycles of one repository, so that whoever started it (the language
// server, `graft watch`) never waits for parsing, tokenizing or scoring. The engine is a process of its own below it.
import { parentPort } from 'node:worker_threads';
import { Cancelled } from './base/cancellation.ts';
import { OperatingError } from './base/operatingError.ts';
import { lowerThreadPriority } from './host/threadPriority.ts';
import { LearnerSession } from './learnerSession.ts';
import { learnerRequestSchema, type LearnerEvent, type LearnerRequest } from './protocol/learner.ts';

const port = parentPort;
if (port === null) throw new Error('The learner is a worker thread: it is started by Graft itself.');
const send = (event: LearnerEvent): void => port.postMessage(event);

// A keystroke is answered by another thread of this process.
lowerThreadPriority(10);

let opened: Promise<LearnerSession> | undefined;
port.on('message', (message: unknown) => void receive(learnerRequestSchema.parse(message)).catch(fail));

async function receive(request: LearnerRequest): Promise<void> {
  if (request.type === 'close') return close();
  if (request.type === 'open') {
    opened = LearnerSession.open(request, send, fail);
    await opened;
    return;
  }
  // An open that failed was told then.
  const session = await opened?.catch(() => undefined);
  if (request.type === 'retrain') {
    try {
      if (session === undefined) throw new Error('The learner of this repository did not start. Graft: Doctor says why.');
      send(await session.answer(request, send));
    } catch (error) {
      send({ type: 'refused', id: request.id, ...described(error) });
    }
    return;
  }
  if (session === undefined) return;
  switch (request.type) {
    case 'withdraw':
      return session.withdraw(request.id);
    case 'settings':
      return session.changeSettings(request.settings);
    case 'repository':
      return session.loop.handle({ kind: 'repository', state: request.state });
    case 'power':
      return session.loop.handle({ kind: 'power', onBattery: request.onBattery });
    case 'activity':
    case 'learnNow':
    case 'cancel':
    case 'pause':
    case 'resume':
      return session.loop.handle({ kind: request.type });
  }
}

async function close(): Promise<void> {
  await (await opened?.catch(() => undefined))?.close();
  send({ type: 'closed' });
  port?.close();
}

function fail(error: unknown): void {
  send({ type: 'failed', ...described(error) });
}

function described(error: unknown): { code: string; message: string } {
  if (error instanceof Cancelled) return { code: 'cancelled', message: 'Stopped. What was recorded before stands.' };
  return { code: error instanceof OperatingError ? error.code : 'failed', message: error instanceof Error ? error.message : String(error) };
}
