// A language model whose answers a test writes: every adapter has a name that says what it was trained on, and the script says how
// likely each text is under it. Adapters are saved through the test's files, so a real store can hold them.
import { Cancelled } from '../../server/base/cancellation.ts';
import type { Files } from '../../server/base/files.ts';
import type { AdapterHandle, Generated, GenerateItem, ModelInfo, Scored, ScoreItem, TrainCandidate, Trained } from '../../server/base/prompt.ts';
import type { LanguageModel } from '../../server/learning/languageModel.ts';
import { modelHash } from './sampleVersion.ts';

export interface Script {
  /** Mean log-probability per token of this answer. `adapter` is null or its trainings, `first>second`; `name@share` where interpolated. */
  score(item: ScoreItem, adapter: string | null): number;
  /** Called before each training; may throw or cancel. */
  onTrain?(candidates: readonly TrainCandidate[]): void;
  generate?(item: GenerateItem): string;
}

export class ScriptedModel implements LanguageModel {
  readonly info: ModelInfo = { name: 'scripted', hash: modelHash, family: 'qwen2', parameters: 1, contextTokens: 512, writesSelfEdits: true, engine: 'scripted' };
  /** All candidates ever trained, in order. */
  readonly trained: TrainCandidate[] = [];
  /** Handle to the name that the script knows it by. */
  readonly handles = new Map<string, string>();
  /** Handles of trainings that were paused. */
  private readonly paused = new Set<string>();
  private count = 0;

  constructor(
    private readonly files: Files,
    private readonly script: Script,
  ) {}

  async generate(items: readonly GenerateItem[]): Promise<Generated[]> {
    return items.map((item) => ({ text: this.script.generate?.(item) ?? 'text', finish: 'stop', tokens: 1, meanLogProbability: -1 }));
  }

  async score(items: readonly ScoreItem[]): Promise<Scored[]> {
    return items.map((item) => ({ logProbability: this.script.score(item, this.nameOf(item.adapter)), tokens: 1 }));
  }

  async train(candidates: readonly TrainCandidate[], options: { readonly signal?: AbortSignal } = {}): Promise<Trained[]> {
    this.script.onTrain?.(candidates);
    if (options.signal?.aborted) throw new Cancelled();
    return candidates.map((candidate) => {
      this.trained.push(candidate);
      const goesOn = candidate.from !== null && this.paused.has(candidate.from);
      const from = this.nameOf(candidate.from);
      const adapter = this.newHandle(from === null ? candidate.name : goesOn ? from : `${from}>${candidate.name}`);
      if (candidate.until !== undefined) this.paused.add(adapter);
      return { name: candidate.name, adapter, steps: [{ step: goesOn ? 2 : 1, loss: 1, learningRate: 1e-4, gradientNorm: 1 }], tokens: 10, seconds: 1 };
    });
  }

  async loadAdapter(folder: string): Promise<string> {
    return this.newHandle(await this.files.readText(`${folder}/adapter_model.safetensors`));
  }

  async saveAdapter(adapter: string, folder: string): Promise<void> {
    await this.files.write(`${folder}/adapter_config.json`, '{"peft_type":"LORA"}');
    await this.files.write(`${folder}/adapter_model.safetensors`, this.nameOf(adapter) ?? '');
  }

  async interpolate(_from: AdapterHandle, to: string, share: number): Promise<string> {
    return this.newHandle(`${this.nameOf(to)}@${share}`);
  }

  async release(adapter: string): Promise<void> {
    this.handles.delete(adapter);
  }

  countTokens(text: string): number {
    return Math.ceil(text.length / 4);
  }

  promptTokens(): number {
    return 50;
  }

  private newHandle(name: string): string {
    const handle = `handle-${this.count++}`;
    this.handles.set(handle, name);
    return handle;
  }

  private nameOf(adapter: AdapterHandle): string | null {
    if (adapter === null) return null;
    const name = this.handles.get(adapter);
    if (name === undefined) throw new Error(`adapter ${adapter} was released or never made`);
    return name;
  }
}
