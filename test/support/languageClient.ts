// The editor's side of the language server, without an editor: forks the built server over IPC, as the client library does, and keeps
// what it is told. `GRAFT_TEST_ROOT` names another installation than the repository's own `dist`.
import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { createProtocolConnection, IPCMessageReader, IPCMessageWriter, type CancellationToken, type ProtocolConnection } from 'vscode-languageserver-protocol/node';
import { assistantRequests, editorNotifications, serverNotifications, type AssistantRequest, type RequestParams, type RequestResult, type Status, type Tell } from '../../server/protocol/assistant.ts';

export const installationRoot = process.env['GRAFT_TEST_ROOT'] ?? fileURLToPath(new URL('../..', import.meta.url));

export interface ClientOptions {
  readonly folders: readonly string[];
  /** Home and cache of the server: what it may write outside the repository. */
  readonly home: string;
  readonly trusted?: boolean;
  readonly settings?: object;
  /** PATH of the server; default: the test's own. */
  readonly searchPath?: string;
  /** Arguments of Node itself and variables besides, for what watches the server from inside. */
  readonly watch?: { readonly execArgv: readonly string[]; readonly env: Readonly<Record<string, string>> };
}

export class LanguageClient {
  status: Status | null = null;
  readonly tells: Tell[] = [];
  readonly storeChanges: string[] = [];
  readonly log: string[] = [];
  private readonly waiting = new Set<() => void>();
  private version = 1;

  private constructor(
    readonly server: ChildProcess,
    readonly connection: ProtocolConnection,
  ) {}

  static async start({ folders, home, trusted = true, settings = {}, searchPath = process.env['PATH'] ?? '', watch = { execArgv: [], env: {} } }: ClientOptions): Promise<LanguageClient> {
    const server = fork(join(installationRoot, 'dist', 'serverMain.cjs'), ['--node-ipc'], {
      env: { PATH: searchPath, HOME: home, GRAFT_CACHE: join(home, 'cache'), ...watch.env },
      execArgv: [...watch.execArgv],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const connection = createProtocolConnection(new IPCMessageReader(server), new IPCMessageWriter(server));
    const client = new LanguageClient(server, connection);
    connection.onNotification(serverNotifications.status, (status: Status) => client.note(() => (client.status = status)));
    connection.onNotification(serverNotifications.tell, (tell: Tell) => client.note(() => client.tells.push(tell)));
    connection.onNotification(serverNotifications.storeChanged, ({ folder }: { folder: string }) => client.note(() => client.storeChanges.push(folder)));
    connection.onNotification('window/logMessage', ({ message }: { message: string }) => client.note(() => client.log.push(message)));
    connection.listen();
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: { workspace: { workspaceFolders: true } },
      workspaceFolders: folders.map((folder) => ({ uri: pathToFileURL(folder).href, name: folder })),
      initializationOptions: { installationRoot, trusted, settings },
    });
    await connection.sendNotification('initialized', {});
    return client;
  }

  /** Resolves once it holds; the test's own timeout ends a wait in vain. */
  async until<T>(holds: (client: this) => T | null | undefined | false): Promise<T> {
    for (;;) {
      const found = holds(this);
      if (found) return found;
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  untilReady(): Promise<Status> {
    return this.until(({ status }) => status?.model.kind === 'ready' && status);
  }

  request<R extends AssistantRequest>(name: R, params: RequestParams<R>, token?: CancellationToken): Promise<RequestResult<R>> {
    const { method } = assistantRequests[name];
    // An undefined token would travel as a second parameter.
    return token === undefined ? this.connection.sendRequest(method, params) : this.connection.sendRequest(method, params, token);
  }

  notify<N extends keyof typeof editorNotifications>(name: N, params: object): Promise<void> {
    return this.connection.sendNotification(editorNotifications[name].method, params);
  }

  configure(settings: object): Promise<void> {
    return this.connection.sendNotification('workspace/didChangeConfiguration', { settings: { graft: settings } });
  }

  open(path: string, text: string, languageId = 'typescript'): Promise<void> {
    return this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri: pathToFileURL(path).href, languageId, version: this.version++, text } });
  }

  /** Items at the end of `before` within a document that is open. */
  async complete(path: string, before: string, options: { readonly invoked?: boolean } = {}): Promise<{ insertText: string; command: { arguments: [string] } }[]> {
    const lines = before.split('\n');
    const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
    const context = { triggerKind: options.invoked === false ? 2 : 1 };
    return this.connection.sendRequest('textDocument/inlineCompletion', { textDocument: { uri: pathToFileURL(path).href }, position, context });
  }

  /** Ids of the server's child processes. */
  children(): number[] {
    return childrenOf(this.server.pid ?? -1);
  }

  /** Those of them that run a model; git comes and goes. */
  engines(): number[] {
    return this.children().filter((pid) => {
      try {
        return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).includes('engineMain');
      } catch {
        return false;
      }
    });
  }

  async stop(): Promise<void> {
    if (this.server.exitCode !== null || this.server.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.server.once('exit', () => resolve()));
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    await ended;
    this.connection.dispose();
  }

  private note(change: () => unknown): void {
    change();
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const wake of waiting) wake();
  }
}

export function childrenOf(pid: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n').map((row) => row.trim().split(/\s+/).map(Number));
  return rows.flatMap(([id, parent]) => (parent === pid && id !== undefined ? [id] : []));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
