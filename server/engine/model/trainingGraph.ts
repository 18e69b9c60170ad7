// One training step of K candidates: the scoring graph and its gradient with respect to those tensors of the adapters that are trained.
//
// inputs   those of lossGraph.ts, with adapters
// outputs  losses f32 [K]; logProbabilities f32 [K,N]; gradient f32 [K, size of the trained slots], of each candidate's own loss
import { assert, present } from '../../base/assert.ts';
import { differentiate } from '../autodiff/differentiate.ts';
import type { Graph } from '../graph/graph.ts';
import { GraphBuilder } from '../graph/graphBuilder.ts';
import type { AdapterSlot } from '../graph/operations.ts';
import { verify } from '../graph/verify.ts';
import { joinedSlots, type AdapterLayout } from '../lora/adapterLayout.ts';
import { lossGraph } from './lossGraph.ts';
import type { ModelConfig } from './modelConfig.ts';

export interface TrainingGraphOptions {
  readonly layout: AdapterLayout;
  /** Slots of the layout; the gradient holds them one after the other in this order. For the others nothing is computed. */
  readonly trained: readonly AdapterSlot[];
  readonly chunkRows?: number;
}

export function trainingGraph(config: ModelConfig, { trained, ...options }: TrainingGraphOptions): Graph {
  const { builder, losses, logProbabilities, adapters } = lossGraph(config, options, { name: 'train', isTrained: true });
  assert(adapters !== undefined, 'a training graph has adapters');
  const wrt = Object.fromEntries(trained.map(({ name }) => [name, present(adapters.parts[name], name)]));
  const graph = differentiate(builder.build({ losses, logProbabilities }), { losses, wrt });
  const joining = GraphBuilder.continueFrom(graph, graph.name);
  const parts = Object.fromEntries(trained.map(({ name }) => [name, present(graph.outputs[name], name)]));
  const { flat } = joining.apply('AdapterJoin', parts, { slots: joinedSlots(trained) }, { name: 'gradient' });
  return verify(joining.build({ losses, logProbabilities, gradient: flat }));
}
