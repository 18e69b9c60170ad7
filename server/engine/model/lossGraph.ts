// Scoring: log-probabilities of given target tokens at given rows of packed sequences, and each candidate's mean loss. Training is this graph
// differentiated (trainingGraph.ts), so what is trained is what is scored.
//
// inputs   tokens, positions, seenUntil i32 [K,S,T]; rows, targets i32 [K,N]; weights f32 [K,N]; with adapters also adapters f32 [K,size], scale f32 [K]
// outputs  losses f32 [K]; logProbabilities f32 [K,N]
import type { Graph } from '../graph/graph.ts';
import { GraphBuilder } from '../graph/graphBuilder.ts';
import { symbols, type Value } from '../graph/value.ts';
import { verify } from '../graph/verify.ts';
import { adapterInputs, type AdapterInputs } from '../lora/adaptedLinear.ts';
import type { AdapterLayout } from '../lora/adapterLayout.ts';
import { decoder, headWeight } from './decoder.ts';
import type { ModelConfig } from './modelConfig.ts';

export interface LossGraphOptions {
  /** Absent: the base model alone. */
  readonly layout?: AdapterLayout | undefined;
  /** Rows whose logits exist at once; 128 rows of a 150k vocabulary are 77 MB. */
  readonly chunkRows?: number;
}

export function scoringGraph(config: ModelConfig, options: LossGraphOptions = {}): Graph {
  const { builder, losses, logProbabilities } = lossGraph(config, options, { name: 'score', isTrained: false });
  return verify(builder.build({ losses, logProbabilities }));
}

export function lossGraph(
  config: ModelConfig,
  { layout, chunkRows = 128 }: LossGraphOptions,
  { name, isTrained }: { readonly name: string; readonly isTrained: boolean },
): { builder: GraphBuilder; losses: Value; logProbabilities: Value; adapters: AdapterInputs | undefined } {
  const builder = new GraphBuilder(name);
  const { candidates, rows: rowSymbol, tokens: tokenSymbol, lossRows } = symbols;
  const grid = [candidates, rowSymbol, tokenSymbol];
  const tokens = builder.input('tokens', 'i32', grid);
  const positions = builder.input('positions', 'i32', grid);
  const seenUntil = builder.input('seenUntil', 'i32', grid);
  const rows = builder.input('rows', 'i32', [candidates, lossRows]);
  const targets = builder.input('targets', 'i32', [candidates, lossRows]);
  const weights = builder.input('weights', 'f32', [candidates, lossRows]);
  const adapters = layout === undefined ? undefined : adapterInputs(builder, layout, { merged: !isTrained });
  const take = (x: Value): Value => builder.apply('TakeRows', { x, rows }, {}, { name: 'asked' }).output;
  // Few rows are asked for when scoring, so the last layer is computed for those; most when training, where taking them early costs more gradient than it saves.
  const hidden = decoder(builder, config, { tokens, positions, adapters, attention: () => ({ seenUntil }), ...(isTrained ? {} : { wanted: take }) });
  const x = isTrained ? take(hidden) : hidden;
  const weight = headWeight(builder, config);
  const { losses, logProbabilities } = builder.apply('LmHeadLoss', { x, weight, targets, weights }, { chunkRows }, { name: 'losses' });
  return { builder, losses, logProbabilities, adapters };
}
