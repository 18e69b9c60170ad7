// A LoRA adapter in PEFT's own format: adapter_config.json and adapter_model.safetensors, as bytes in and out. What `peft` writes with other
// options than ours (DoRA, per-module ranks, trained biases, …) changes the mathematics, so it is refused instead of approximated.
import * as z from 'zod';
import { AdapterFormatError } from './errors.ts';
import { isFloatDtype, toFloat32 } from './floatTensors.ts';
import { readHeader, writeSafetensors, type SafetensorsHeader, type StoredTensor } from './safetensors.ts';

/** One adapted layer, in PEFT's orientation, row-major. */
export interface PeftModule {
  /** As in the checkpoint: 'model.layers.0.self_attn.q_proj'. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** lora_A [rank, inputs]. */
  readonly a: Float32Array;
  /** lora_B [outputs, rank]. */
  readonly b: Float32Array;
}

export interface PeftAdapter {
  readonly rank: number;
  /** The update is alpha / rank * B·A (rsLoRA's is converted to that). */
  readonly alpha: number;
  /** What the config names as base: a hub id or a path; for people, never trusted as identity. */
  readonly baseName: string;
  readonly modules: readonly PeftModule[];
  /** Strings in the header of the weights file; ours hold the base's hash under `baseHashKey`. */
  readonly metadata: Readonly<Record<string, string>>;
}

export const baseHashKey = 'graft.base';
export const configFile = 'adapter_config.json';
export const weightsFile = 'adapter_model.safetensors';

const nothing = z.union([z.null(), z.literal(false), z.array(z.unknown()).max(0), z.strictObject({})]).optional();
const configSchema = z.looseObject({
  peft_type: z.string(),
  base_model_name_or_path: z.string().nullish(),
  r: z.number().int().positive(),
  lora_alpha: z.number().positive(),
  use_rslora: z.boolean().nullish(),
});
/** Options that must be absent or empty. */
const refused = ['use_dora', 'rank_pattern', 'alpha_pattern', 'modules_to_save', 'fan_in_fan_out', 'layer_replication', 'megatron_config', 'lora_bias', 'alora_invocation_tokens'];

export function parsePeftAdapter(configText: string, weights: Uint8Array): PeftAdapter {
  const config = parseConfig(configText);
  const header = parseWeightsHeader(weights);
  const scaledAlpha = config.use_rslora === true ? config.lora_alpha * Math.sqrt(config.r) : config.lora_alpha;
  return {
    rank: config.r,
    alpha: scaledAlpha,
    baseName: config.base_model_name_or_path ?? '',
    modules: modulesOf(header, weights, config.r),
    metadata: header.metadata,
  };
}

export function formatPeftAdapter(adapter: PeftAdapter): { configText: string; weights: Uint8Array } {
  const tensors = adapter.modules.flatMap(({ name, inputs, outputs, a, b }) => [
    { name: `base_model.model.${name}.lora_A.weight`, shape: [adapter.rank, inputs], data: a },
    { name: `base_model.model.${name}.lora_B.weight`, shape: [outputs, adapter.rank], data: b },
  ]);
  const config = {
    base_model_name_or_path: adapter.baseName,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: adapter.alpha,
    lora_dropout: 0,
    modules_to_save: null,
    peft_type: 'LORA',
    r: adapter.rank,
    // The last part of each name; peft adapts every layer whose name ends in one of them.
    target_modules: [...new Set(adapter.modules.map((module) => module.name.split('.').at(-1)))].sort(),
    task_type: 'CAUSAL_LM',
    use_rslora: false,
  };
  return { configText: `${JSON.stringify(config, null, 2)}\n`, weights: writeSafetensors(tensors, { format: 'pt', ...adapter.metadata }) };
}

function parseConfig(text: string): z.infer<typeof configSchema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new AdapterFormatError('adapter.configInvalid', `${configFile} is not JSON.`, {}, cause);
  }
  const result = configSchema.safeParse(json);
  if (!result.success) throw new AdapterFormatError('adapter.configInvalid', `${configFile} is not that of a LoRA adapter: ${z.prettifyError(result.error)}.`);
  const { data } = result;
  if (data.peft_type !== 'LORA') unsupported(`its type is ${data.peft_type}, not LORA`);
  if (data['bias'] !== undefined && data['bias'] !== 'none') unsupported('it trains biases');
  for (const option of refused) if (!nothing.safeParse(data[option]).success) unsupported(`it uses ${option}`);
  return data;
}

function parseWeightsHeader(weights: Uint8Array): SafetensorsHeader {
  try {
    return readHeader(weights);
  } catch (cause) {
    if (!(cause instanceof AdapterFormatError)) throw cause;
    throw new AdapterFormatError('adapter.weightsCorrupt', `${weightsFile}: ${cause.message}`, cause.details, cause);
  }
}

const tensorName = /^base_model\.model\.(.+)\.lora_(A|B)(?:\.default)?\.weight$/;

function modulesOf(header: SafetensorsHeader, weights: Uint8Array, rank: number): PeftModule[] {
  const halves = new Map<string, { A?: StoredTensor; B?: StoredTensor }>();
  for (const [name, tensor] of header.tensors) {
    const [, module, which] = tensorName.exec(name) ?? [];
    if (module === undefined || which === undefined) unsupported(`it holds ${name}, which is no LoRA weight`);
    halves.set(module, { ...halves.get(module), [which === 'A' ? 'A' : 'B']: tensor });
  }
  if (halves.size === 0) mismatch('it holds no LoRA weights');
  return [...halves].map(([name, { A, B }]) => {
    if (A === undefined || B === undefined) mismatch(`${name} has only one of lora_A and lora_B`);
    const [aRank, inputs] = A.shape;
    const [outputs, bRank] = B.shape;
    const fits = A.shape.length === 2 && B.shape.length === 2 && aRank === rank && bRank === rank;
    if (!fits || inputs === undefined || outputs === undefined) mismatch(`${name} is not of rank ${rank}: [${A.shape.join(', ')}] and [${B.shape.join(', ')}]`);
    return { name, inputs, outputs, a: floatsOf(weights, name, A), b: floatsOf(weights, name, B) };
  });
}

function floatsOf(weights: Uint8Array, name: string, { dtype, startBytes, endBytes }: StoredTensor): Float32Array {
  if (!isFloatDtype(dtype)) unsupported(`${name} is stored as ${dtype}`);
  return toFloat32(weights.subarray(startBytes, endBytes), dtype);
}

function unsupported(reason: string): never {
  throw new AdapterFormatError('adapter.unsupported', `This adapter cannot be used: ${reason}.`, { reason });
}

function mismatch(reason: string): never {
  throw new AdapterFormatError('adapter.shapeMismatch', `This adapter is inconsistent: ${reason}.`, { reason });
}
