// Starts the language server over IPC and speaks to it: the only door to vscode-languageclient, and a file of its own that is loaded on first use.
// A crashed server is started again by the client; the fifth crash in three minutes ends that, and the user is told.
import { workspace, type CancellationToken, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { CloseAction, LanguageClient, State, TransportKind, type ErrorHandler } from 'vscode-languageclient/node';
import type { AssistantRequest, InitializationOptions, RequestParams, RequestResult } from '../server/protocol/assistant.ts';
import { notificationMethods, requestMethods, serverMethods, type EditorNotification } from './connection/methods.ts';
import type { ClientEvents, NotificationParams } from './connection/server.ts';
import { createInlineMiddleware, type ShownSuggestions } from './suggestions/inlineMiddleware.ts';

export interface Client {
  request<R extends AssistantRequest>(name: R, params: RequestParams<R>, token?: CancellationToken): Promise<RequestResult<R>>;
  notify<N extends EditorNotification>(name: N, params: NotificationParams<N>): void;
  /** Sends the whole section. The client's own synchronisation would also do so while it is being turned off. */
  settingsChanged(): void;
  stop(): Promise<void>;
}

export interface ClientParts {
  readonly context: ExtensionContext;
  readonly events: ClientEvents;
  readonly suggestions: ShownSuggestions;
  readonly log: LogOutputChannel;
}

export async function startClient({ context, events, suggestions, log }: ClientParts): Promise<Client> {
  let ended = false;
  const module = context.asAbsolutePath('dist/serverMain.cjs');
  const client: LanguageClient = new LanguageClient(
    'graft',
    'Graft',
    { run: { module, transport: TransportKind.ipc }, debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6019'] } } },
    {
      outputChannel: log,
      documentSelector: [{ scheme: 'file' }, { scheme: 'untitled' }],
      // A function: a server that is started again gets the settings and the trust of that moment.
      initializationOptions: (): InitializationOptions => ({
        installationRoot: context.extensionPath,
        trusted: workspace.isTrusted,
        settings: settings(),
      }),
      initializationFailedHandler: () => false,
      errorHandler: sayWhenItEnds(events, () => client.createDefaultErrorHandler(), () => ended),
      middleware: createInlineMiddleware(suggestions),
    },
  );
  client.onNotification(serverMethods.status, events.status);
  client.onNotification(serverMethods.tell, events.tell);
  client.onNotification(serverMethods.storeChanged, ({ folder }: { folder: string }) => events.storeChanged(folder));
  try {
    await client.start();
  } catch (error) {
    // Otherwise it would go on starting servers behind our back.
    ended = true;
    await client.dispose().catch(() => undefined);
    throw error;
  }
  client.onDidChangeState(({ newState }) => {
    if (newState === State.Running) events.recovered();
  });
  // Invariant: nothing is sent to a client that does not run, because sending would start its server again, and off must stay off.
  const send = (method: string, params: object): void => {
    if (client.isRunning()) void client.sendNotification(method, params).catch(() => undefined);
  };
  return {
    request: async (name, params, token) => {
      if (!client.isRunning()) throw new Error('The language server is not running. Try again in a moment.');
      // An undefined token would travel as a second parameter, and the server would take the wrong thing for its token.
      return token === undefined ? client.sendRequest(requestMethods[name], params) : client.sendRequest(requestMethods[name], params, token);
    },
    notify: (name, params) => send(notificationMethods[name], params),
    settingsChanged: () => send('workspace/didChangeConfiguration', { settings: { graft: settings() } }),
    stop: async () => {
      ended = true;
      // A client that is just being started again refuses to stop: then its process is ended, and the policy above lets it rest.
      await client.dispose().catch(() => client.serverProcess?.kill());
    },
  };
}

function settings(): unknown {
  return workspace.getConfiguration().get('graft');
}

/** The client's own policy, with our words for it: `handled` keeps its message boxes away. */
function sayWhenItEnds(events: ClientEvents, create: () => ErrorHandler, ended: () => boolean): ErrorHandler {
  let policy: ErrorHandler | null = null;
  const own = (): ErrorHandler => (policy ??= create());
  return {
    error: (error, message, count) => own().error(error, message, count),
    closed: async () => {
      if (ended()) return { action: CloseAction.DoNotRestart, handled: true };
      const result = await own().closed();
      if (result.action === CloseAction.DoNotRestart) events.stopped('The language server stopped five times within three minutes and was not started again.');
      else events.recovering();
      return { ...result, handled: true };
    },
  };
}
