// The text-level model over an engine: renders prompts, sends them in one request (the engine batches: it sees what shares a
// prompt or an adapter), reads the texts back. Holds no state of its own, so any number of callers may share it.
import { present } from '../base/assert.ts';
import type { GenerateItem, Prompt } from '../base/prompt.ts';
import type { EngineModelInfo } from '../protocol/engine.ts';
import { templateFor, type Template } from '../tokenizer/template.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Engine } from './engine.ts';
import { engineRecipe } from './engineRecipe.ts';
import type { LanguageModel } from './languageModel.ts';
import { renderExample } from './renderExample.ts';

export interface EngineLanguageModelOptions {
  readonly engine: Engine;
  readonly info: EngineModelInfo;
  readonly tokenizer: Tokenizer;
  /** Most tokens of a prompt that is completed; the default depends on the family. */
  readonly promptTokens?: number;
  /** Most tokens of a trained or scored example, answer included: the engine's row length. */
  readonly rowTokens?: number;
}

/** The starter was trained on rows of 1,024; and on the CPU a shorter prompt is the quicker one. */
const promptTokensByFamily = { starter: 768, qwen: 2048 } as const;

export function createLanguageModel(options: EngineLanguageModelOptions): LanguageModel {
  const { engine, info, tokenizer } = options;
  const template = templateFor(tokenizer);
  const promptTokens = Math.min(options.promptTokens ?? promptTokensByFamily[template.family], info.contextTokens);
  const rowTokens = Math.min(options.rowTokens ?? 512, info.contextTokens);
  const renderForDecoding = (prompt: Prompt, maxTokens: number): number[] =>
    template.renderPrompt(prompt, Math.max(1, Math.min(promptTokens, info.contextTokens - maxTokens)));
  const render = { template, tokenizer, rowTokens };

  return {
    info,

    async generate(items, { priority = 'learning', signal } = {}) {
      if (items.length === 0) return [];
      const rendered = items.map((item) => {
        const maxTokens = Math.min(item.maxTokens, info.contextTokens >> 1);
        return {
          prompt: Int32Array.from(renderForDecoding(item.prompt, maxTokens)),
          adapter: item.adapter,
          maxTokens,
          temperature: item.temperature,
          topP: item.topP ?? 1,
          seed: item.seed,
          stop: template.renderStop(item.prompt, item.stop ?? []),
          ...(item.leastLogProbability === undefined ? {} : { leastLogProbability: item.leastLogProbability }),
          ...(item.draft === undefined ? {} : { draft: Int32Array.from(tokenizer.encode(item.draft)) }),
          ...(item.names === undefined ? {} : { names: allowedNames(item.names, template) }),
        };
      });
      const decoded = await engine.decode({ items: rendered, priority }, { signal });
      return decoded.map(({ text, finish, tokens, meanLogProbability, logProbabilities, lengths }, index) => ({
        text: template.readGenerated(present(items[index]).prompt, text),
        finish,
        tokens,
        meanLogProbability,
        steps: logProbabilities.map((logProbability, step) => ({ logProbability, length: present(lengths[step]) })),
      }));
    },

    async score(items, { priority = 'learning', signal } = {}) {
      if (items.length === 0) return [];
      const rendered = items.map(({ example, adapter }) => {
        const { prompt, answer } = renderExample(example, render, 'score');
        return { prompt: Int32Array.from(prompt), answer: Int32Array.from(answer), without: tokenizer.endOfText, adapter };
      });
      return engine.score({ items: rendered, priority }, { signal });
    },

    async train(candidates, { onProgress, signal, tokensPerStep } = {}) {
      if (candidates.length === 0) return [];
      const rendered = candidates.map(({ name, examples, recipe, seed, from, until }) => ({
        name,
        examples: examples.map((example) => {
          const { prompt, answer } = renderExample(example, render, 'train');
          return { ids: Int32Array.from([...prompt, ...answer]), answerStart: prompt.length };
        }),
        recipe: engineRecipe(recipe),
        seed: seed >>> 0,
        from,
        ...(until === undefined ? {} : { until }),
      }));
      return engine.train({ candidates: rendered, ...(tokensPerStep === undefined ? {} : { tokensPerStep }) }, { onProgress, signal });
    },

    loadAdapter: (folder) => engine.loadAdapter(folder),
    saveAdapter: (adapter, folder, metadata = {}) => engine.saveAdapter({ adapter, folder, metadata: { ...metadata } }),
    interpolate: (from, to, share) => engine.interpolate({ from, to, share }),
    release: (adapter) => engine.release(adapter),
    countTokens: (text) => tokenizer.encode(text).length,
    promptTokens: (prompt) => renderForDecoding(prompt, 0).length,
  };
}

/** Families without control tokens separate question and answer by a sign that code uses too: only their backticks are guided. */
function allowedNames({ words, answerIsCode }: NonNullable<GenerateItem['names']>, { writesSelfEdits }: Template) {
  return { words: [...words], ...(answerIsCode && writesSelfEdits ? { codeAfter: '<|answer|>' } : {}) };
}
