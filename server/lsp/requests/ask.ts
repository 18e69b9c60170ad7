// graft/ask: a question about the codebase, answered from the weights of the version that serves.
import { ask as askModel } from '../../ask/ask.ts';
import type { LanguageModel } from '../../languageModel/languageModel.ts';
import type { RepositoryHost } from '../repositories/repositoryHost.ts';

export async function ask(
  parts: { readonly model: LanguageModel; readonly host: RepositoryHost | null },
  question: string,
  signal: AbortSignal,
): Promise<{ text: string; version: string | null; model: string; cut: boolean }> {
  const { model, host } = parts;
  const { version, adapter } = host?.active ?? { version: null, adapter: null };
  const answer = await askModel(model, { repository: host?.name ?? '', question, adapter, signal });
  return { text: answer.text, version, model: model.info.name, cut: answer.cut };
}
