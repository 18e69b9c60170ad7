// One training step of K candidates: the scoring graph and its gradient with respect to the flat adapter buffer.
//
// inputs   those of lossGraph.ts, with adapters
// outputs  losses f32 [K]; logProbabilities f32 [K,N]; gradient f32 [K,size], of each candidate's own loss
import { assert } from '../../base/assert.ts';
import { differentiate } from '../autodiff/differentiate.ts';
import type { Graph } from '../graph/graph.ts';
import type { AdapterLayout } from '../lora/adapterLayout.ts';
import { lossGraph } from './lossGraph.ts';
import type { ModelConfig } from './modelConfig.ts';

export function trainingGraph(config: ModelConfig, options: { readonly layout: AdapterLayout; readonly chunkRows?: number }): Graph {
  const { builder, losses, logProbabilities, adapters } = lossGraph(config, options, 'train');
  assert(adapters !== undefined, 'a training graph has adapters');
  return differentiate(builder.build({ losses, logProbabilities }), { losses, wrt: { gradient: adapters } });
}
