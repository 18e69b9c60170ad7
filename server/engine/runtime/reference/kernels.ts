// The reference interpretation of every operation.
import type { OperationName } from '../../graph/operations.ts';
import { causalAttention, causalAttentionGrad } from './attentionKernels.ts';
import { addition, cast, rope, swiGlu, swiGluGrad } from './elementwiseKernels.ts';
import { loraLinear, loraLinearGrad } from './linearKernels.ts';
import { lmHeadLoss, lmHeadLossGrad } from './lossKernels.ts';
import { adapterJoin, adapterSplit, embedding, kvAppend, lastToken, takeRows, takeRowsGrad, topK } from './movementKernels.ts';
import { rmsNorm, rmsNormGrad } from './normKernels.ts';
import { adamW, clipByNorm, schedule } from './optimiserKernels.ts';
import type { Kernel } from './tensor.ts';

export const kernels: { readonly [Op in OperationName]: Kernel<Op> } = {
  Embedding: embedding,
  RmsNorm: rmsNorm,
  RmsNormGrad: rmsNormGrad,
  LoraLinear: loraLinear,
  LoraLinearGrad: loraLinearGrad,
  Rope: rope,
  CausalAttention: causalAttention,
  CausalAttentionGrad: causalAttentionGrad,
  SwiGlu: swiGlu,
  SwiGluGrad: swiGluGrad,
  Add: addition,
  LmHeadLoss: lmHeadLoss,
  LmHeadLossGrad: lmHeadLossGrad,
  Cast: cast,
  AdapterSplit: adapterSplit,
  AdapterJoin: adapterJoin,
  ClipByNorm: clipByNorm,
  AdamW: adamW,
  Schedule: schedule,
  KvAppend: kvAppend,
  TakeRows: takeRows,
  TakeRowsGrad: takeRowsGrad,
  LastToken: lastToken,
  TopK: topK,
};
