// Clipping, AdamW and the schedule as nodes, for executors that keep the optimiser on their device. On CPU the training loop's
// typed-array loops are twice as fast (engine/train/adamW.ts).
import type { LoweringRule } from './lowering.ts';

export const lowerClipByNorm: LoweringRule<'ClipByNorm'> = ({ inputs, outputs }, context) => {
  const { emit } = context;
  const gradient = context.read(inputs.gradient);
  const norm = emit.apply('Sqrt', [emit.reduceSum(emit.apply('Mul', [gradient, gradient]), 1)]);
  const maxNorm = emit.reshape(context.read(inputs.maxNorm), [-1, 1]);
  const share = emit.apply('Min', [emit.apply('Div', [maxNorm, emit.apply('Add', [norm, emit.f32(1e-6)])]), emit.f32(1)]);
  const factor = emit.apply('Where', [emit.apply('Greater', [maxNorm, emit.f32(0)]), share, emit.f32(1)]);
  context.write(outputs.clipped, emit.apply('Mul', [gradient, factor]));
  context.write(outputs.norm, emit.reshape(norm, [-1]));
};

export const lowerAdamW: LoweringRule<'AdamW'> = ({ inputs, outputs, attributes }, context) => {
  const { emit } = context;
  const { beta1, beta2, epsilon } = attributes;
  const mul = (a: string, b: string): string => emit.apply('Mul', [a, b]);
  const column = (name: string): string => emit.reshape(name, [-1, 1]);
  const gradient = context.read(inputs.gradient);
  const rate = column(context.read(inputs.learningRate));
  const step = column(emit.cast(context.read(inputs.step), 'f32'));
  const correction = (beta: number): string => emit.apply('Sub', [emit.f32(1), emit.apply('Pow', [emit.f32(beta), step])]);
  const blend = (moment: string, fresh: string, beta: number): string => emit.apply('Add', [mul(moment, emit.f32(beta)), mul(fresh, emit.f32(1 - beta))]);
  const first = blend(context.read(inputs.firstMoment), gradient, beta1);
  const second = blend(context.read(inputs.secondMoment), mul(gradient, gradient), beta2);
  const decay = emit.apply('Sub', [emit.f32(1), mul(rate, column(context.read(inputs.weightDecay)))]);
  const root = emit.apply('Div', [emit.apply('Sqrt', [second]), emit.apply('Sqrt', [correction(beta2)])]);
  const update = mul(emit.apply('Div', [rate, correction(beta1)]), emit.apply('Div', [first, emit.apply('Add', [root, emit.f32(epsilon)])]));
  context.write(outputs.newParameter, emit.apply('Sub', [mul(context.read(inputs.parameter), decay), update]));
  context.write(outputs.newFirstMoment, first);
  context.write(outputs.newSecondMoment, second);
};

export const lowerSchedule: LoweringRule<'Schedule'> = ({ inputs, outputs, attributes }, context) => {
  const { emit } = context;
  const [step, steps, warmup] = [inputs.step, inputs.steps, inputs.warmup].map((value) => emit.cast(context.read(value), 'f32')) as [string, string, string];
  const peak = context.read(inputs.peak);
  const one = emit.f32(1);
  const rest = emit.apply('Max', [emit.apply('Sub', [steps, warmup]), one]);
  const done = emit.apply('Min', [emit.apply('Div', [emit.apply('Sub', [emit.apply('Sub', [step, one]), warmup]), rest]), one]);
  const after = {
    cosine: () => emit.apply('Mul', [emit.apply('Add', [emit.apply('Cos', [emit.apply('Mul', [done, emit.f32(Math.PI)])]), one]), emit.f32(0.5)]),
    linear: () => emit.apply('Sub', [one, done]),
    constant: () => one,
  }[attributes.kind]();
  const rising = emit.apply('Div', [step, emit.apply('Max', [warmup, one])]);
  const share = emit.apply('Where', [emit.apply('LessOrEqual', [step, warmup]), rising, after]);
  context.write(outputs.rate, emit.apply('Mul', [peak, share]));
};
