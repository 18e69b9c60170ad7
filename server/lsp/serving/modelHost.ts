// The engine process that answers keystrokes: started once per choice of model, watched, and said to be ready only after it has answered.
// A crash is told; the engine's client starts the process again by itself.
import { Cancelled } from '../../base/cancellation.ts';
import type { Clock } from '../../base/clock.ts';
import type { LanguageModel } from '../../languageModel/languageModel.ts';
import type { Status, Tell } from '../../protocol/assistant.ts';
import type { Capabilities, ModelChoice, OpenedModel } from '../capabilities.ts';
import { firstLine, messageOf } from '../errors.ts';

export interface ModelHostParts {
  readonly clock: Clock;
  readonly openModel: Capabilities['openModel'];
  readonly onChange: () => void;
  readonly tell: (tell: Tell) => void;
}

/** An engine that gave up is asked again this often. */
const retryMs = 60_000;

export class ModelHost {
  state: Status['model'] = { kind: 'none' };
  /** Null while there is none; calls to it may wait for a process that is being started again. */
  current: LanguageModel | null = null;
  private choice: ModelChoice | null = null;
  private opened: OpenedModel | undefined;
  private life = new AbortController();

  constructor(private readonly parts: ModelHostParts) {}

  /** Does nothing where this model runs, or failed to: `stop` first to try again. */
  start(choice: ModelChoice, workingFolder: string): void {
    if (this.choice?.model === choice.model && this.choice.device === choice.device) return;
    this.stop();
    this.choice = choice;
    const { signal } = (this.life = new AbortController());
    this.become({ kind: 'loading' });
    void this.open(choice, workingFolder, signal);
  }

  /** Ends the process; nothing of it stays. */
  stop(): void {
    this.life.abort();
    this.opened?.dispose();
    this.opened = undefined;
    this.current = null;
    this.choice = null;
    this.become({ kind: 'none' });
  }

  private async open(choice: ModelChoice, workingFolder: string, signal: AbortSignal): Promise<void> {
    try {
      const opened = await this.parts.openModel({
        ...choice,
        workingFolder,
        onCrash: (why) => {
          if (!signal.aborted) this.crashed(why, signal);
        },
      });
      if (signal.aborted) return opened.dispose();
      this.opened = opened;
      await this.answers(opened.model, signal);
    } catch (error) {
      if (!signal.aborted) this.become({ kind: 'failed', message: messageOf(error) });
    }
  }

  private crashed(why: string, signal: AbortSignal): void {
    // Once per time that it ran: one that cannot even start is tried several times.
    if (this.state.kind === 'ready') this.parts.tell({ severity: 'warning', message: `The engine process of completions ended (${firstLine(why)}). It is started again; completions go on in a moment.` });
    this.become({ kind: 'loading' });
    // One that dies while it is opened is the business of `open`.
    if (this.opened) void this.answers(this.opened.model, signal);
  }

  /** Ready once it has answered a request: one token after almost nothing, which also maps the weights. */
  private async answers(model: LanguageModel, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        const prompt = { kind: 'fim', repository: '', path: 'a.ts', prefix: 'const ', suffix: '', context: [] } as const;
        await model.generate([{ prompt, adapter: null, maxTokens: 1, temperature: 0, seed: 0 }], { priority: 'completion', signal });
        if (signal.aborted) return;
        this.current = model;
        this.become({ kind: 'ready', name: model.info.name, device: deviceOf(model.info.engine), parameters: model.info.parameters });
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.become({ kind: 'failed', message: messageOf(error) });
        const waited = await this.parts.clock.sleep(retryMs, signal).then(
          () => true,
          (reason: unknown) => !(reason instanceof Cancelled),
        );
        if (!waited) return;
      }
    }
  }

  private become(state: Status['model']): void {
    if (JSON.stringify(state) === JSON.stringify(this.state)) return;
    this.state = state;
    this.parts.onChange();
  }
}

/** An engine is told as `onnxruntime 1.30.0 cpu`. */
function deviceOf(engine: string): string {
  return engine.split(' ').at(-1) ?? engine;
}
