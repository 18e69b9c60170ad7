// Operation to ONNX nodes in f32. One row per operation; where WebGPU lacks a kernel that the CPU has, its rule (or the emitter) writes others.
import type { OperationName } from '../graph/operations.ts';
import { lowerAdapterJoin, lowerAdapterSplit } from './adapters.ts';
import { lowerCausalAttention, lowerCausalAttentionGrad, lowerRope } from './attention.ts';
import { lowerKvAppend, lowerLastToken, lowerTopK } from './decoding.ts';
import { lowerAdd, lowerCast, lowerEmbedding, lowerSwiGlu, lowerSwiGluGrad } from './elementwise.ts';
import { lowerLmHeadLoss, lowerLmHeadLossGrad } from './head.ts';
import { lowerLoraLinear, lowerLoraLinearGrad } from './linear.ts';
import type { LoweringRule } from './lowering.ts';
import { lowerRmsNorm, lowerRmsNormGrad } from './norm.ts';
import { lowerAdamW, lowerClipByNorm, lowerSchedule } from './optimizer.ts';
import { lowerTakeRows, lowerTakeRowsGrad } from './takeRows.ts';

export const lowerings: { readonly [Op in OperationName]: LoweringRule<Op> } = {
  Embedding: lowerEmbedding,
  RmsNorm: lowerRmsNorm,
  RmsNormGrad: lowerRmsNormGrad,
  LoraLinear: lowerLoraLinear,
  LoraLinearGrad: lowerLoraLinearGrad,
  Rope: lowerRope,
  CausalAttention: lowerCausalAttention,
  CausalAttentionGrad: lowerCausalAttentionGrad,
  SwiGlu: lowerSwiGlu,
  SwiGluGrad: lowerSwiGluGrad,
  Add: lowerAdd,
  LmHeadLoss: lowerLmHeadLoss,
  LmHeadLossGrad: lowerLmHeadLossGrad,
  Cast: lowerCast,
  AdapterSplit: lowerAdapterSplit,
  AdapterJoin: lowerAdapterJoin,
  ClipByNorm: lowerClipByNorm,
  AdamW: lowerAdamW,
  Schedule: lowerSchedule,
  KvAppend: lowerKvAppend,
  TakeRows: lowerTakeRows,
  TakeRowsGrad: lowerTakeRowsGrad,
  LastToken: lowerLastToken,
  TopK: lowerTopK,
};
