// What runs under which settings and trust: the assistant with capabilities that only count what is started and ended.
import { TextDocument } from 'vscode-languageserver-textdocument';
import { TextDocuments } from 'vscode-languageserver/node';
import { describe, expect, it } from 'vitest';
import { GitError } from '../../../server/git/errors.ts';
import { Assistant } from '../../../server/lsp/assistant.ts';
import type { Capabilities } from '../../../server/lsp/capabilities.ts';
import type { LanguageModel } from '../../../server/languageModel/languageModel.ts';
import type { Syntax } from '../../../server/syntax/syntax.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { WaitingClock } from '../../support/waitingClock.ts';

function assistantWith(open: Capabilities['openModel'] | null = null) {
  const clock = new WaitingClock();
  const calls: string[] = [];
  const tells: string[] = [];
  let crash: (why: string) => void = () => undefined;
  const model = { info: { name: 'tiny', hash: 'h', engine: 'onnxruntime 1 cpu', parameters: 1 }, generate: async () => [] } as unknown as LanguageModel;
  const unused = (): never => {
    throw new Error('not asked for in these tests');
  };
  const assistant = new Assistant({
    capabilities: {
      clock,
      files: new MemoryFiles(),
      session: 's',
      watcher: { watch: () => ({ dispose: () => undefined }) },
      openModel:
        open ??
        (async ({ model: choice, device, onCrash }) => {
          calls.push(`model ${choice}${device === 'cpu' ? '' : ` on ${device}`}`);
          crash = onCrash;
          return { model, dispose: () => calls.push(`end ${choice}`) };
        }),
      openRepository: async (folder) => {
        calls.push(`git ${folder}`);
        throw new GitError('notARepository', 'none');
      },
      loadSyntax: async () => ({ imports: () => [], declarations: () => [], dispose: () => undefined }) as unknown as Syntax,
      startLearner: unused,
      approvedEmails: unused,
      listModels: unused,
      places: { installationRoot: '/graft', cacheFolder: '/cache' },
      reports: { log: unused, compare: unused, doctor: unused },
    },
    editor: { status: () => undefined, tell: ({ message }) => tells.push(message), storeChanged: () => undefined, log: () => undefined },
    documents: new TextDocuments(TextDocument),
    onStatus: () => undefined,
  });
  return { assistant, calls, tells, clock, crash: (why: string) => crash(why) };
}

const start = { folders: ['/w'], settings: {} };
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('the assistant', () => {
  it('without trust runs the model and no git; with it, both', async () => {
    const { assistant, calls } = assistantWith();
    await assistant.start({ ...start, trusted: false });
    await settled();
    expect(calls).toEqual(['model ']);
    expect(assistant.status()).toMatchObject({ mode: 'untrusted', model: { kind: 'ready', device: 'cpu' }, repositories: [] });
    await assistant.grantTrust();
    expect(calls).toEqual(['model ', 'git /w']);
    await assistant.dispose();
  });

  it('when off starts nothing, and ends what ran', async () => {
    const { assistant, calls } = assistantWith();
    await assistant.start({ ...start, trusted: true, settings: { enabled: false } });
    await settled();
    expect({ calls, status: assistant.status() }).toEqual({ calls: [], status: { mode: 'off', model: { kind: 'none' }, repositories: [] } });
    await assistant.changeSettings({});
    await settled();
    await assistant.changeSettings({ enabled: false });
    expect(calls).toEqual(['model ', 'git /w', 'end ']);
  });

  it('opens another model when another is chosen', async () => {
    const { assistant, calls } = assistantWith();
    await assistant.start({ ...start, trusted: false, settings: { model: 'a' } });
    await settled();
    await assistant.changeSettings({ model: 'a', completion: { automatic: false } });
    await assistant.changeSettings({ model: 'b' });
    await settled();
    expect(calls).toEqual(['model a', 'end a', 'model b']);
    await assistant.dispose();
  });

  it('opens the model anew where another device is chosen', async () => {
    const { assistant, calls } = assistantWith();
    await assistant.start({ ...start, trusted: false, settings: { model: 'a', device: 'webgpu' } });
    await settled();
    await assistant.changeSettings({ model: 'a', device: 'webgpu', budget: { gpuShare: 0.5 } });
    await assistant.changeSettings({ model: 'a' });
    await settled();
    expect(calls).toEqual(['model a on webgpu', 'end a', 'model a']);
    await assistant.dispose();
  });

  it('says once that the engine ended, and is ready again when it answers', async () => {
    const { assistant, tells, crash } = assistantWith();
    await assistant.start({ ...start, trusted: false });
    await settled();
    crash('SIGKILL\nat some.frame');
    crash('SIGKILL');
    expect(tells).toEqual([expect.stringMatching(/^[^\n]*SIGKILL[^\n]*started again/)]);
    await settled();
    expect(assistant.status().model.kind).toBe('ready');
    await assistant.dispose();
  });

  it('says why there is no model, and tries again when a setting changes', async () => {
    let tries = 0;
    const { assistant } = assistantWith(async () => {
      tries++;
      throw new Error('The model x is not on this machine.');
    });
    await assistant.start({ ...start, trusted: false, settings: { model: 'x' } });
    await settled();
    expect(assistant.status().model).toEqual({ kind: 'failed', message: 'The model x is not on this machine.' });
    await assistant.changeSettings({ model: 'x' });
    await settled();
    expect(tries).toBe(2);
    await assistant.dispose();
  });

  it('names settings that it did not understand', async () => {
    const { assistant, tells } = assistantWith();
    await assistant.start({ ...start, trusted: false, settings: { learning: { schedule: 'never' } } });
    expect(tells).toEqual([expect.stringContaining('graft.learning.schedule')]);
    await assistant.dispose();
  });
});
