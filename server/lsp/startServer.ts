// The door to the editor: LSP's own messages, and Graft's, each parsed before anything sees it.
import { createConnection, InlineCompletionRequest, ProposedFeatures, TextDocuments, TextDocumentSyncKind, type CancellationToken, type Connection } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { z } from 'zod';
import { assistantRequests, editorNotifications, initializationOptionsSchema, serverNotifications, type AssistantRequest } from '../protocol/assistant.ts';
import { Assistant } from './assistant.ts';
import type { Capabilities } from './capabilities.ts';
import { pathOf } from './documents/openDocuments.ts';
import type { Editor } from './editor.ts';
import { responseError, RequestError } from './errors.ts';
import { handlersOf, type Handlers } from './handlers.ts';
import { StatusNotifier } from './statusNotifier.ts';

export interface ServerStart {
  /** Made from what the editor hands over: where the installation is. */
  readonly capabilities: (installationRoot: string) => Capabilities;
  /** The editor is gone or asked for it, and everything that ran has been ended. */
  readonly onExit: () => void;
}

const settingsChange = z.object({ settings: z.object({ graft: z.unknown() }) });

/** Listens until the editor ends it; `end` is for when the editor dies. */
export function startServer({ capabilities: capabilitiesOf, onExit }: ServerStart): { end(): Promise<void> } {
  const connection = createConnection(ProposedFeatures.all);
  const documents = new TextDocuments(TextDocument);
  let running: Running | null = null;
  let begin: (() => Promise<void>) | null = null;

  connection.onInitialize(({ initializationOptions, workspaceFolders }) => {
    const options = initializationOptionsSchema.parse(initializationOptions);
    const capabilities = capabilitiesOf(options.installationRoot);
    const assistant = run(connection, documents, capabilities);
    running = assistant;
    const folders = (workspaceFolders ?? []).flatMap(({ uri }) => pathOf(uri) ?? []);
    begin = () => assistant.assistant.start({ trusted: options.trusted, settings: options.settings, folders });
    return {
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        inlineCompletionProvider: {},
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
      serverInfo: { name: 'Graft' },
    };
  });
  connection.onInitialized(() => {
    void begin?.();
    connection.workspace.onDidChangeWorkspaceFolders(() => {
      void connection.workspace.getWorkspaceFolders().then((all) => running?.assistant.changeFolders((all ?? []).flatMap(({ uri }) => pathOf(uri) ?? [])));
    });
  });
  const end = async (): Promise<void> => {
    running?.status.dispose();
    await running?.assistant.dispose();
  };
  connection.onShutdown(end);
  connection.onExit(onExit);
  documents.listen(connection);
  connection.listen();
  return { end };
}

interface Running {
  readonly assistant: Assistant;
  readonly status: StatusNotifier;
}

function run(connection: Connection, documents: TextDocuments<TextDocument>, capabilities: Capabilities): Running {
  const editor: Editor = {
    status: (status) => void connection.sendNotification(serverNotifications.status, status),
    tell: (tell) => void connection.sendNotification(serverNotifications.tell, tell),
    storeChanged: (folder) => void connection.sendNotification(serverNotifications.storeChanged, { folder }),
    log: (line) => connection.console.log(line),
  };
  const status = new StatusNotifier({ clock: capabilities.clock, status: () => assistant.status(), send: (now) => editor.status(now) });
  const assistant: Assistant = new Assistant({ capabilities, editor, documents, onStatus: () => status.changed() });
  answerRequests(connection, handlersOf(assistant, capabilities));
  hearNotifications(connection, assistant);
  connection.onRequest(InlineCompletionRequest.type, (params, token) => assistant.completions.provide(params, token));
  return { assistant, status };
}

function answerRequests(connection: Connection, handlers: Handlers): void {
  for (const name of Object.keys(assistantRequests) as AssistantRequest[]) answerRequest(connection, name, handlers);
}

function answerRequest<R extends AssistantRequest>(connection: Connection, name: R, handlers: Handlers): void {
  const { method, params: schema } = assistantRequests[name];
  const handle = handlers[name] as (params: unknown, signal: AbortSignal) => unknown;
  connection.onRequest(method, async (params: unknown, token: CancellationToken) => {
    const cancelled = new AbortController();
    token.onCancellationRequested(() => cancelled.abort());
    try {
      const parsed = schema.safeParse(params);
      if (!parsed.success) throw new RequestError('badRequest', `The request ${method} does not fit: ${z.prettifyError(parsed.error)}`);
      return await handle(parsed.data, cancelled.signal);
    } catch (error) {
      return responseError(error);
    }
  });
}

function hearNotifications(connection: Connection, assistant: Assistant): void {
  const on = <N extends keyof typeof editorNotifications>(name: N, hear: (params: z.output<(typeof editorNotifications)[N]['params']>) => void): void => {
    const { method, params: schema } = editorNotifications[name];
    connection.onNotification(method, (params: unknown) => {
      const parsed = schema.safeParse(params);
      // A notification has no answer that could say so.
      if (parsed.success) hear(parsed.data as z.output<(typeof editorNotifications)[N]['params']>);
      else connection.console.warn(`${method} does not fit: ${z.prettifyError(parsed.error)}`);
    });
  };
  on('didShowCompletion', ({ completion }) => assistant.completions.shown(completion));
  on('didAcceptCompletion', ({ completion }) => assistant.completions.accepted(completion));
  on('didPartiallyAcceptCompletion', ({ completion, acceptedLength }) => assistant.completions.partlyAccepted(completion, acceptedLength));
  on('repositoryMoved', ({ folder }) => void assistant.repositoryMoved(folder).catch((error: unknown) => connection.console.warn(String(error))));
  on('trustGranted', () => void assistant.grantTrust());
  connection.onDidChangeConfiguration((params) => {
    const parsed = settingsChange.safeParse(params);
    if (parsed.success) void assistant.changeSettings(parsed.data.settings.graft);
  });
}
