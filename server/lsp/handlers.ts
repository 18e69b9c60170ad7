// Which file answers which request of the editor, and what it is given: nobody gets the whole assistant.
import type { LanguageModel } from '../languageModel/languageModel.ts';
import type { AssistantRequest, RequestResult, assistantRequests } from '../protocol/assistant.ts';
import type { z } from 'zod';
import type { Assistant } from './assistant.ts';
import type { Capabilities, ModelChoice } from './capabilities.ts';
import { RequestError } from './errors.ts';
import type { RepositoryHost } from './repositories/repositoryHost.ts';
import { activate } from './requests/activate.ts';
import { ask } from './requests/ask.ts';
import { explain } from './requests/explain.ts';
import { feedback } from './requests/feedback.ts';
import { forget, whatForgetTakes } from './requests/forget.ts';
import { learn } from './requests/learn.ts';
import { mergedBranches } from './requests/mergedBranches.ts';
import { models } from './requests/models.ts';
import { reset, whatResetLoses } from './requests/reset.ts';
import { retrain } from './requests/retrain.ts';
import { review } from './requests/review.ts';
import { exportVersion, importVersion } from './requests/transfer.ts';
import { tree } from './requests/tree.ts';

type Params<R extends AssistantRequest> = z.output<(typeof assistantRequests)[R]['params']>;
export type Handlers = { readonly [R in AssistantRequest]: (params: Params<R>, signal: AbortSignal) => RequestResult<R> | Promise<RequestResult<R>> };

export function handlersOf(assistant: Assistant, { reports, listModels }: Pick<Capabilities, 'reports' | 'listModels'>): Handlers {
  const host = (folder: string): RepositoryHost => {
    if (assistant.mode === 'untrusted') throw new RequestError('untrusted', 'This workspace is not trusted: Graft completes code and learns nothing. Trust the workspace first.');
    if (assistant.mode === 'off') throw new RequestError('off', 'Graft is off. Turn on the setting graft.enabled.');
    return assistant.repositories.of(folder);
  };
  const model = (): LanguageModel => {
    const { current, state } = assistant.models;
    if (current) return current;
    throw new RequestError('modelNotReady', state.kind === 'failed' ? state.message : 'The model is still being opened. Try again in a moment.');
  };
  const modelHash = (): string => model().info.hash;
  const chosen = (): ModelChoice => ({ model: assistant.settings.model, device: assistant.settings.device });
  return {
    status: () => assistant.status(),
    tree: () => tree(assistant.repositories.all(), assistant.models.current?.info.hash ?? null),
    review: ({ folder, version, branch }) => review(host(folder), { version, branch, modelHash: assistant.models.current?.info.hash ?? null }),
    compare: async ({ folder, a, b }) => ({ text: await reports.compare(host(folder).folder, { a, b }) }),
    log: async ({ folder }) => ({ text: await reports.log(host(folder).folder, chosen()) }),
    doctor: async ({ folder }) => ({ text: await reports.doctor(assistant.mode === 'on' ? folder : null, chosen()) }),
    learn: ({ folder, action }) => learn(host(folder), action),
    activate: ({ folder, branch, version, why }) => activate(host(folder), { branch, version, why, modelHash: modelHash() }),
    whatResetLoses: ({ folder, branch, to }) => whatResetLoses(host(folder), { branch, to, modelHash: modelHash() }),
    reset: ({ folder, branch, to }) => reset(host(folder), { branch, to, modelHash: modelHash() }),
    retrain: ({ folder, ...request }, signal) => retrain(host(folder), request, signal),
    whatForgetTakes: ({ folder, ...what }) => whatForgetTakes(host(folder), what),
    forget: ({ folder, ...what }) => forget(host(folder), what),
    exportVersion: ({ folder, ...request }) => exportVersion(host(folder), request),
    importVersion: ({ folder, from }) => importVersion(host(folder), { from, modelHash: modelHash() }),
    models: async () => models(await listModels(), chosen().model),
    ask: ({ folder, question }, signal) => ask({ model: model(), host: folder === null || assistant.mode !== 'on' ? null : host(folder) }, question, signal),
    explain: async ({ completion }) => {
      const suggestion = assistant.completions.explain(completion);
      return suggestion && explain(suggestion, assistant.repositories.all().find(({ folder }) => folder === suggestion.folder) ?? null);
    },
    feedback: ({ action, folder }) => feedback(folder === null ? assistant.repositories.all() : [host(folder)], action, assistant.completions),
    mergedBranches: ({ folder }) => mergedBranches(host(folder), modelHash()),
  };
}
