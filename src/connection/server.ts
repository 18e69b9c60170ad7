// The language server as the rest of the front end sees it: a state, events, requests. Owns its lifetime: off means that no process exists,
// and the client's code (70 ms to load) is not even read. Starts and stops are queued, so switching fast ends in the last state asked for.
import { EventEmitter, type CancellationToken, type Disposable, type Event } from 'vscode';
import type { AssistantRequest, RequestParams, RequestResult, Status, Tell, editorNotifications } from '../../server/protocol/assistant.ts';
import type { Client } from '../client.ts';
import type { EditorNotification } from './methods.ts';
import type { ServerState } from './serverState.ts';

export interface Server extends Disposable {
  readonly state: ServerState;
  readonly onDidChangeState: Event<ServerState>;
  /** A repository's store has changed: trees and reviews are out of date. */
  readonly onDidChangeStore: Event<string>;
  readonly onDidTell: Event<Tell>;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Rejects with a message for the user: the server's own, or that it is not running. */
  request<R extends AssistantRequest>(name: R, params: RequestParams<R>, token?: CancellationToken): Promise<RequestResult<R>>;
  settingsChanged(): void;
  /** Lost when no server runs. */
  notify<N extends EditorNotification>(name: N, params: NotificationParams<N>): void;
}

export type NotificationParams<N extends EditorNotification> = (typeof editorNotifications)[N]['params']['_zod']['input'];

export interface ClientEvents {
  status(status: Status): void;
  tell(tell: Tell): void;
  storeChanged(folder: string): void;
  recovering(): void;
  /** It is running again, after `recovering`. */
  recovered(): void;
  stopped(message: string): void;
}

export class ServerNotRunning extends Error {
  readonly code = 'serverNotRunning';
}

export function createServer(startClient: (events: ClientEvents) => Promise<Client>): Server {
  const states = new EventEmitter<ServerState>();
  const stores = new EventEmitter<string>();
  const tells = new EventEmitter<Tell>();
  let state: ServerState = { kind: 'off' };
  let client: Client | null = null;
  let queue: Promise<void> = Promise.resolve();

  const become = (next: ServerState): void => {
    state = next;
    states.fire(next);
  };
  const refresh = async (): Promise<void> => {
    const status = await client?.request('status', {});
    if (status !== undefined) become({ kind: 'running', status });
  };
  const events: ClientEvents = {
    status: (status) => become({ kind: 'running', status }),
    tell: (tell) => tells.fire(tell),
    storeChanged: (folder) => stores.fire(folder),
    recovering: () => become({ kind: 'recovering' }),
    recovered: () => void refresh().catch(() => undefined),
    stopped: (message) => become({ kind: 'stopped', message }),
  };
  const queued = (work: () => Promise<void>): Promise<void> => (queue = queue.then(work, work));

  const stopNow = async (): Promise<void> => {
    const former = client;
    client = null;
    // A client whose server is gone cannot be stopped again; off is off either way.
    await former?.stop().catch(() => undefined);
    become({ kind: 'off' });
  };

  return {
    get state() {
      return state;
    },
    onDidChangeState: states.event,
    onDidChangeStore: stores.event,
    onDidTell: tells.event,
    start: () =>
      queued(async () => {
        if (client !== null && state.kind !== 'stopped') return;
        await client?.stop().catch(() => undefined);
        become({ kind: 'starting' });
        try {
          client = await startClient(events);
        } catch (error) {
          become({ kind: 'stopped', message: `The language server did not start: ${error instanceof Error ? error.message : String(error)}` });
          return;
        }
        // Asked for once; from then on the server tells. A failure of this question is not one of the server.
        await refresh().catch(() => undefined);
      }),
    stop: () => queued(stopNow),
    request: async (name, params, token) => {
      if (client === null) throw new ServerNotRunning(notRunning(state));
      return client.request(name, params, token);
    },
    settingsChanged: () => client?.settingsChanged(),
    notify: (name, params) => client?.notify(name, params),
    dispose: () => void queued(stopNow),
  };
}

function notRunning(state: ServerState): string {
  if (state.kind === 'off') return 'Graft is off. Turn on the setting graft.enabled.';
  if (state.kind === 'stopped') return `${state.message} Run "Graft: Restart the Language Server".`;
  return 'Graft is starting. Try again in a moment.';
}
