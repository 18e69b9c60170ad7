// The rotation speeds of RoPE, radians per position: theta^(-2i/headSize), with the two scalings that our families use ('linear', 'llama3').
import * as z from 'zod';
import { ModelError } from './errors.ts';
import type { RawModelConfig } from './modelConfig.ts';

const llama3 = z.looseObject({
  factor: z.number(),
  low_freq_factor: z.number(),
  high_freq_factor: z.number(),
  original_max_position_embeddings: z.number(),
});

export function rotaryFrequencies(raw: RawModelConfig, headSize: number): number[] {
  const scaling = raw.rope_parameters ?? raw.rope_scaling ?? undefined;
  const theta = raw.rope_theta ?? scaling?.rope_theta ?? 10_000;
  const plain = Array.from({ length: headSize / 2 }, (_, index) => theta ** ((-2 * index) / headSize));
  const kind = scaling?.rope_type ?? scaling?.type ?? 'default';
  if (kind === 'default') return plain;
  if (kind === 'linear') {
    const { factor } = parsed(z.looseObject({ factor: z.number().positive() }), scaling);
    return plain.map((frequency) => frequency / factor);
  }
  if (kind === 'llama3') return scaledAsLlama3(plain, parsed(llama3, scaling));
  throw new ModelError('model.featureUnsupported', `This model uses "${kind}" scaling of its positions, which Graft does not run.`, { feature: kind });
}

/** transformers, modeling_rope_utils.py, _compute_llama3_parameters: long wavelengths are slowed down, short ones kept, between them blended. */
function scaledAsLlama3(plain: readonly number[], options: z.infer<typeof llama3>): number[] {
  const length = options.original_max_position_embeddings;
  return plain.map((frequency) => {
    const wavelength = (2 * Math.PI) / frequency;
    if (wavelength < length / options.high_freq_factor) return frequency;
    if (wavelength > length / options.low_freq_factor) return frequency / options.factor;
    const smooth = (length / wavelength - options.low_freq_factor) / (options.high_freq_factor - options.low_freq_factor);
    return ((1 - smooth) * frequency) / options.factor + smooth * frequency;
  });
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (!result.success) throw new ModelError('model.configInvalid', `config.json: the scaling of positions is incomplete: ${z.prettifyError(result.error)}.`);
  return result.data;
}
