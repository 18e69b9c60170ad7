// The operations: what each one takes, gives, means and saves for backward. One entry here; one row in each table that interprets
// operations (shapes, gradients, reference loops, ONNX lowering). Inputs and outputs are named, so no order can be got wrong.
import type { DType, Value } from './value.ts';

/** `name?: Value | undefined` is an optional input or output. */
type Maybe = Value | undefined;
type NoAttributes = Readonly<Record<string, never>>;

interface Signature<Inputs, Outputs, Attributes = NoAttributes> {
  readonly inputs: Readonly<Inputs>;
  readonly outputs: Readonly<Outputs>;
  readonly attributes: Readonly<Attributes>;
}

/** One adapter tensor inside the flat buffer: elements [offset, offset + rows*columns) of a candidate, row-major [rows, columns]. */
export interface AdapterSlot {
  readonly name: string;
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Notation: K candidates, S rows, T tokens, `…` any leading dimensions, float dtype f32 unless said otherwise, indices i32.
 * "Saves" are optional outputs that `differentiate` asks for on the forward node because the Grad operation reads them; graphs that are
 * not differentiated do not have them. An executor may leave a saved output uncomputed if its own Grad lowering recomputes it.
 */
export interface Operations {
  /**
   * output[k,s,t,:] = table[tokens[k,s,t], :].  tokens i32 [K,S,T], table [V,H] -> output [K,S,T,H].
   * Every token must be in [0, V): pad with any valid id. Never differentiated (nothing adapted lies below it).
   */
  Embedding: Signature<{ tokens: Value; table: Value }, { output: Value }>;

  /**
   * Root-mean-square normalisation of the sum of `x` and `residual` (where given), in groups of D = weight's length.
   *   sum = x + residual                           (same shape as x; the output exists exactly if `residual` is given)
   *   inverseRms[…,g] = 1 / sqrt(mean over the group's D elements of sum^2 + epsilon)
   *   normed[…,g*D+d] = sum[…,g*D+d] * inverseRms[…,g] * weight[d]
   * x […,W], weight [D], W a multiple of D (G = W/D; G = 1 except for Qwen3's per-head q and k norms).
   * normed […,W], sum […,W], inverseRms […,G].  Saves inverseRms.
   */
  RmsNorm: Signature<
    { x: Value; weight: Value; residual?: Maybe },
    { normed: Value; sum?: Maybe; inverseRms?: Maybe },
    { epsilon: number }
  >;
  /**
   * `x` is what was normalised: the forward node's `sum` where it had a residual, else its `x`.
   *   g = dNormed * weight (by group);  dx = inverseRms * (g - x * inverseRms^2 * mean_D(g * x)) + dSum (where given)
   * dx is the gradient of both `x` and `residual` of the forward node. All […,W]; inverseRms […,G]. The weight gets no gradient.
   */
  RmsNormGrad: Signature<{ dNormed: Value; dSum?: Maybe; x: Value; weight: Value; inverseRms: Value }, { dx: Value }>;

  /**
   * A frozen linear layer with one low-rank adapter per candidate.
   *   down[k,…,:] = x[k,…,:] · a[k]                                  [K,…,R]
   *   output[k,…,:] = x[k,…,:] · weightᵀ + bias + scale[k] * (down[k,…,:] · b[k])
   * x [K,…,I] (rank 3 or 4), weight [O,I] as Hugging Face stores it, bias [O], a [K,I,R], b [K,R,O], scale [K] -> output [K,…,O].
   * a, b and scale are all given or all absent (a plain linear layer, e.g. the head while decoding).  Saves down.
   * `merged` computes the same as x · (weight + scale * (a·b)ᵀ)ᵀ: cheaper for many rows, as no pass over them is the adapter's own. Not differentiated.
   */
  LoraLinear: Signature<
    { x: Value; weight: Value; bias?: Maybe; a?: Maybe; b?: Maybe; scale?: Maybe },
    { output: Value; down?: Maybe },
    { merged?: boolean }
  >;
  /**
   *   g[k] = scale[k] * dOutput[k];  v = g · bᵀ  [K,…,R]      (bracketed so: never form the [I,O] product)
   *   dA[k] = Σ over rows of x ᵀ · v  [K,I,R];   dB[k] = Σ over rows of down ᵀ · g  [K,R,O];   dx = dOutput · weight + v · aᵀ  [K,…,I]
   * dB is there exactly if a, b, scale and down are given; dA only where A is trained; dx only where the gradient must flow further down
   * (without an adapter dx is there always, and dx = dOutput · weight).
   */
  LoraLinearGrad: Signature<
    { dOutput: Value; x: Value; weight: Value; a?: Maybe; b?: Maybe; scale?: Maybe; down?: Maybe },
    { dx?: Maybe; dA?: Maybe; dB?: Maybe }
  >;

  /**
   * Rotary position embedding in Hugging Face's half-split convention. With D = 2*frequencies.length, for each head h and i < D/2, angle =
   * positions[k,s,t] * frequencies[i], lo = x[…,h*D+i], hi = x[…,h*D+i+D/2]:
   *   output[…,h*D+i] = lo*cos(angle) - hi*sin(angle);   output[…,h*D+i+D/2] = hi*cos(angle) + lo*sin(angle)
   * `inverse` rotates by -angle: that is the gradient. x [K,S,T,heads*D], positions i32 [K,S,T] -> output like x.
   * Angles depend on (positions, frequencies) only: a lowering computes cos and sin once per graph, not per layer.
   */
  Rope: Signature<{ x: Value; positions: Value }, { output: Value }, { frequencies: readonly number[]; inverse: boolean }>;

  /**
   * Grouped-query causal attention; query head h uses key/value head floor(h / (queryHeads/keyHeads)). D = headSize.
   * q [K,S,T,queryHeads*D], k and v [K,S,T,keyHeads*D] (already rotated), pastKeys and pastValues [P,K,S,keyHeads*D] (time-major: the first P
   * steps of a buffer, at least one), seenUntil i32 [K,S,T], starts i32 [K,S].
   * Keys are columns c = 0..P+T-1: the past, then this step's; query t is column P+t. Query t sees column c exactly if
   *   c == P+t,  or  c < P+t  and c >= starts[k,s] (where `starts` is given)  and t < seenUntil[c] (where `seenUntil` is given).
   * So a query always sees itself (padding never yields NaN). `seenUntil` (training, scoring: packed rows, in which a sequence sees of those before it
   * nothing but a beginning that it shares) and the past (decoding, rows padded on the left up to `starts`) exclude each other; pastKeys, pastValues,
   * starts come together.
   *   output = softmax(q·kᵀ / sqrt(D)) · v  [K,S,T,queryHeads*D];   logSumExp [K,S,queryHeads,T] of the scaled, masked scores.
   * Saves logSumExp (for kernels in flash-attention style; a lowering that recomputes the softmax in the Grad need not produce it).
   */
  CausalAttention: Signature<
    { q: Value; k: Value; v: Value; seenUntil?: Maybe; pastKeys?: Maybe; pastValues?: Maybe; starts?: Maybe },
    { output: Value; logSumExp?: Maybe },
    { queryHeads: number; keyHeads: number; headSize: number }
  >;
  /**
   * Without a past only. p = softmax as above (recomputed: exp(score - logSumExp)); dP = dOutput·vᵀ; delta = Σ_D dOutput*output (= Σ_c p*dP);
   *   dS = p * (dP - delta);   dQ = dS·k / sqrt(D);  dK = dSᵀ·q / sqrt(D);  dV = pᵀ·dOutput,  dK and dV summed over a group's query heads.
   * Shapes of dQ, dK, dV: those of q, k, v.
   */
  CausalAttentionGrad: Signature<
    { dOutput: Value; q: Value; k: Value; v: Value; seenUntil?: Maybe; output: Value; logSumExp: Value },
    { dQ: Value; dK: Value; dV: Value },
    { queryHeads: number; keyHeads: number; headSize: number }
  >;

  /** output = gate * sigmoid(gate) * up, elementwise; all […,F].  Saves nothing beyond its inputs. */
  SwiGlu: Signature<{ gate: Value; up: Value }, { output: Value }>;
  /** With s = sigmoid(gate):  dUp = dOutput * gate * s;   dGate = dOutput * up * s * (1 + gate * (1 - s)). */
  SwiGluGrad: Signature<{ dOutput: Value; gate: Value; up: Value }, { dGate: Value; dUp: Value }>;

  /** output = a + b, equal shapes, no broadcasting. Its own gradient is the identity. */
  Add: Signature<{ a: Value; b: Value }, { output: Value }>;

  /**
   * Cross-entropy of the next token; each candidate has its own mean.  x [K,N,H], weight [V,H], targets i32 [K,N], weights f32 [K,N].
   *   z = x · weightᵀ;   logProbabilities[k,n] = z[target] - logsumexp(z)
   *   losses[k] = -Σ_n weights[k,n]*logProbabilities[k,n] / Σ_n weights[k,n]      (0 where all weights are 0)
   *   rowGradients[k,n,:] = d losses[k] / d x[k,n,:] = weights[k,n]/Σ weights * (softmax(z) · weight - weight[target])
   * Padding has weight 0 and target 0; its logProbabilities mean nothing. Scoring reads logProbabilities [K,N] and ignores losses.
   * losses [K], rowGradients [K,N,H]. Saves rowGradients: computed while the logits are at hand, which are never kept nor computed again.
   * `chunkRows`: at most that many of the K*N rows have logits at once (a bound on memory, not a change of meaning).
   */
  LmHeadLoss: Signature<
    { x: Value; weight: Value; targets: Value; weights: Value },
    { losses: Value; logProbabilities: Value; rowGradients?: Maybe },
    { chunkRows: number }
  >;
  /** dx = dLosses[k] * rowGradients[k,n,:].  dLosses [K]. Where every loss has gradient one, dx is rowGradients and there is no such node. */
  LmHeadLossGrad: Signature<{ dLosses: Value; rowGradients: Value }, { dx: Value }>;

  /** output = x converted to `dtype` (f32 to i32 truncates; to bool: x != 0). */
  Cast: Signature<{ x: Value }, { output: Value }, { dtype: DType }>;

  /**
   * The flat adapter buffer [K, size] as its tensors: output `slot.name` is [K, slot.rows, slot.columns].
   * Slots are adjacent, in order and cover the buffer. One node, however many tensors.
   */
  AdapterSplit: Signature<{ flat: Value }, Record<string, Value>, { slots: readonly AdapterSlot[] }>;
  /** The inverse, for gradients: one input per slot, by slot name -> flat [K, size]. */
  AdapterJoin: Signature<Record<string, Value>, { flat: Value }, { slots: readonly AdapterSlot[] }>;

  /**
   * Per candidate: norm[k] = sqrt(Σ_p gradient[k,p]^2);  clipped[k] = gradient[k] * min(1, maxNorm[k] / (norm[k] + 1e-6)), as torch's clip_grad_norm_;
   * maxNorm[k] <= 0 means no clipping.  gradient [K,P], maxNorm [K] -> clipped [K,P], norm [K] (before clipping).
   */
  ClipByNorm: Signature<{ gradient: Value; maxNorm: Value }, { clipped: Value; norm: Value }>;

  /**
   * Decoupled weight decay (Loshchilov and Hutter 2019), bias-corrected, as torch.optim.AdamW. step[k] counts from 1 and may differ per candidate.
   *   p' = p * (1 - learningRate*weightDecay);  m = beta1*m + (1-beta1)*g;  v = beta2*v + (1-beta2)*g^2
   *   newParameter = p' - learningRate/(1-beta1^step) * m / (sqrt(v)/sqrt(1-beta2^step) + epsilon)
   * parameter, gradient, firstMoment, secondMoment [K,P]; learningRate, weightDecay f32 [K]; step i32 [K].
   */
  AdamW: Signature<
    {
      parameter: Value;
      gradient: Value;
      firstMoment: Value;
      secondMoment: Value;
      learningRate: Value;
      weightDecay: Value;
      step: Value;
    },
    { newParameter: Value; newFirstMoment: Value; newSecondMoment: Value },
    { beta1: number; beta2: number; epsilon: number }
  >;

  /**
   * Learning rate of 1-based step[k] out of steps[k], with warmup[k] linear warm-up steps (all i32 [K]) and peak f32 [K] -> rate [K].
   *   step <= warmup:  peak * step / warmup
   *   else, done = min(1, (step - 1 - warmup) / max(1, steps - warmup)):
   *     cosine: peak * (1 + cos(pi*done)) / 2;   linear: peak * (1 - done);   constant: peak
   */
  Schedule: Signature<
    { step: Value; steps: Value; warmup: Value; peak: Value },
    { rate: Value },
    { kind: 'cosine' | 'linear' | 'constant' }
  >;

  /**
   * This step's keys or values in the time-major order of the cache, so that the caller appends them with one copy:
   * delta[t,k,s,:] = fresh[k,s,t,:].  fresh [K,S,T,W] -> delta [T,K,S,W]. The past itself is never copied nor returned.
   */
  KvAppend: Signature<{ fresh: Value }, { delta: Value }>;

  /**
   * output[k,n,:] = x[k, rows[k,n], :].  x [K,S,T,H], rows i32 [K,N] (index s*T+t into the candidate's own S*T tokens) -> [K,N,H]. Rows may repeat:
   * padding repeats row 0.
   */
  TakeRows: Signature<{ x: Value; rows: Value }, { output: Value }>;
  /** dx = zeros like x; dx[k, rows[k,n], :] += dOutput[k,n,:]. `x` is read for its shape only. */
  TakeRowsGrad: Signature<{ dOutput: Value; rows: Value; x: Value }, { dx: Value }>;

  /** output[k,s,:] = x[k,s,T-1,:].  x [K,S,T,H] -> [K,S,H]. Decoding pads on the left, so the last token is the newest of every row. */
  LastToken: Signature<{ x: Value }, { output: Value }>;

  /**
   * The `count` largest of the last dimension, descending; of equals the lower index first. x […,V] -> values […,count], indices i32 […,count],
   * logSumExp […] over all V (values - logSumExp are log-probabilities at temperature 1).
   */
  TopK: Signature<{ x: Value }, { values: Value; indices: Value; logSumExp: Value }, { count: number }>;
}

export type OperationName = keyof Operations;
export type InputsOf<Op extends OperationName> = Operations[Op]['inputs'];
export type OutputsOf<Op extends OperationName> = Operations[Op]['outputs'];
export type AttributesOf<Op extends OperationName> = Operations[Op]['attributes'];

/**
 * Outputs that exist only where the builder is asked for them. All others always exist (RmsNorm's `sum`, LoraLinearGrad's `dB`: exactly
 * with the inputs that they need).
 */
export const optionalOutputs: { readonly [Op in OperationName]?: readonly (keyof OutputsOf<Op> & string)[] } = {
  RmsNorm: ['inverseRms'],
  LoraLinear: ['down'],
  CausalAttention: ['logSumExp'],
  LmHeadLoss: ['rowGradients'],
  LoraLinearGrad: ['dx', 'dA'],
};
