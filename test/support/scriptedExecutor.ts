// An executor without a model: writes what it is asked into a log and answers with constants. Adapters are strings.
import { OperatingError } from '../../server/base/operatingError.ts';
import type { OpenExecutor } from '../../server/engine/service/executor.ts';
import type { EngineModelInfo } from '../../server/protocol/engine.ts';

export interface ScriptedExecutorOptions {
  /** After each training step, a synchronous hook. */
  readonly onStep?: (step: number) => void;
  /** After each decoded item, a synchronous hook. */
  readonly onDecode?: () => void;
  readonly failOpen?: Error;
  readonly info?: Partial<EngineModelInfo>;
}

export const scriptedInfo: EngineModelInfo = {
  name: 'tiny', hash: 'h', family: 'qwen2', parameters: 1000, contextTokens: 100, writesSelfEdits: true, engine: 'scripted',
};

/** Epochs count as steps. Folders whose path holds 'bad' cannot be loaded. */
export function scriptedExecutor(log: string[], options: ScriptedExecutorOptions = {}): OpenExecutor<string> {
  return async () => {
    if (options.failOpen) throw options.failOpen;
    return {
      info: { ...scriptedInfo, ...options.info },
      async decode(items, control) {
        for (const one of items) {
          await control.checkpoint();
          log.push(`decode ${one.adapter ?? 'base'}`);
          options.onDecode?.();
        }
        return items.map(() => ({ ids: Int32Array.of(7), text: 'x', finish: 'stop', tokens: 1, logProbabilities: [-0.5], lengths: [1], meanLogProbability: -0.5 }));
      },
      async score(items, control) {
        await control.checkpoint();
        log.push(`score ${items.map((one) => one.adapter ?? 'base').join(' ')}`);
        return items.map(({ answer }) => ({ logProbability: -answer.length, tokens: answer.length }));
      },
      async train(candidates, { onProgress }, control) {
        const steps = candidates[0]?.recipe.epochs ?? 0;
        for (let step = 0; step < steps; step++) {
          await control.checkpoint();
          log.push(`step ${step}`);
          onProgress({ step, steps, losses: candidates.map(() => 1) });
          options.onStep?.(step);
        }
        return candidates.map(({ name, from }) => ({ name, adapter: `trained from ${from ?? 'base'}`, steps: [], tokens: 3, seconds: 0 }));
      },
      async loadAdapter(folder) {
        if (folder.includes('bad')) throw new OperatingError({ code: 'adapterUnreadable', message: 'torn', details: { folder } });
        log.push(`load ${folder}`);
        return `from ${folder}`;
      },
      saveAdapter: async (adapter, folder) => void log.push(`save ${adapter} to ${folder}`),
      interpolate: (from, to, share) => `${from ?? 'base'}>${to}@${share}`,
      dispose: async () => void log.push('disposed'),
    };
  };
}
