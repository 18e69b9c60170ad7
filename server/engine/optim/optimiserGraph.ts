// The optimiser as a graph, for executors that keep adapters on their device: schedule, clipping and AdamW of all candidates in three nodes.
//
// inputs   parameter, gradient, firstMoment, secondMoment f32 [K,size]; step, steps, warmup i32 [K]; peak, weightDecay, maxNorm f32 [K]
// outputs  parameter, firstMoment, secondMoment f32 [K,size]; norm f32 [K] (before clipping); rate f32 [K]
import type { Graph } from '../graph/graph.ts';
import { GraphBuilder } from '../graph/graphBuilder.ts';
import { symbols } from '../graph/value.ts';
import { verify } from '../graph/verify.ts';
import type { ScheduleKind } from './learningRate.ts';

export interface OptimiserGraphOptions {
  /** Elements of one candidate's buffer. */
  readonly size: number;
  readonly schedule: ScheduleKind;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

export function optimiserGraph({ size, schedule, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: OptimiserGraphOptions): Graph {
  const builder = new GraphBuilder('optimise');
  const flat = (name: string) => builder.input(name, 'f32', [symbols.candidates, size]);
  const count = (name: string) => builder.input(name, 'i32', [symbols.candidates]);
  const each = (name: string) => builder.input(name, 'f32', [symbols.candidates]);
  const [parameter, gradient, firstMoment, secondMoment] = [flat('parameter'), flat('gradient'), flat('firstMoment'), flat('secondMoment')];
  const [step, steps, warmup] = [count('step'), count('steps'), count('warmup')];
  const [peak, weightDecay, maxNorm] = [each('peak'), each('weightDecay'), each('maxNorm')];
  const { rate } = builder.apply('Schedule', { step, steps, warmup, peak }, { kind: schedule }, { name: 'rate' });
  const { clipped, norm } = builder.apply('ClipByNorm', { gradient, maxNorm }, {}, { name: 'clipped' });
  const moved = builder.apply(
    'AdamW',
    { parameter, gradient: clipped, firstMoment, secondMoment, learningRate: rate, weightDecay, step },
    { beta1, beta2, epsilon },
    { name: 'newParameter' },
  );
  return verify(
    builder.build({ parameter: moved.newParameter, firstMoment: moved.newFirstMoment, secondMoment: moved.newSecondMoment, norm, rate }),
  );
}
