// Adapters as flat buffers: layout, start, rank padding, interpolation, PEFT's orientation.
import { describe, expect, it } from 'vitest';
import { Random } from '../../../server/base/random.ts';
import { adapterLayout } from '../../../server/engine/lora/adapterLayout.ts';
import { freshAdapter, stackAdapters, type FlatAdapter } from '../../../server/engine/lora/flatAdapter.ts';
import { interpolateAdapters } from '../../../server/engine/lora/interpolateAdapters.ts';
import { padRank, unpadRank } from '../../../server/engine/lora/padRank.ts';
import { fromPeft, toPeft } from '../../../server/engine/lora/peftConversion.ts';
import { adaptedLinears } from '../../../server/engine/model/modelTensors.ts';
import { trainingGraph } from '../../../server/engine/model/trainingGraph.ts';
import { referenceRuntime } from '../../../server/engine/runtime/reference/referenceRuntime.ts';
import type { Tensors } from '../../../server/engine/runtime/runtime.ts';
import { expectClose } from '../../support/expectClose.ts';
import { packExamples } from '../../support/packExamples.ts';
import { tinyConfig, tinyExamples, tinyWeights } from '../../support/tinyWeights.ts';
import { tolerances } from '../../support/tolerances.ts';

const config = tinyConfig();
const linears = adaptedLinears(config);
const example = tinyExamples[0] ?? [];

describe('a fresh adapter', () => {
  const layout = adapterLayout(linears, 3);
  const adapter = freshAdapter(layout, { alpha: 6, random: new Random(5) });

  it('has uniform A within 1/sqrt(in) and zero B', () => {
    for (const { a, b, inputs } of layout.modules) {
      const [aValues, bValues] = [adapter.values.subarray(a.offset, b.offset), adapter.values.subarray(b.offset, b.offset + b.rows * b.columns)];
      expect(Math.max(...aValues.map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(inputs));
      expect(aValues.some((value) => value > 0) && aValues.some((value) => value < 0)).toBe(true);
      expect(bValues.every((value) => value === 0)).toBe(true);
    }
  });

  it('changes nothing, and repeats for its seed', async () => {
    const none = await train({ ...adapter, values: new Float32Array(layout.size) });
    expect((await train(adapter))['losses']?.data).toEqual(none['losses']?.data);
    expect(freshAdapter(layout, { alpha: 6, random: new Random(5) }).values).toEqual(adapter.values);
  });
});

describe('an adapter padded to a higher rank', () => {
  const adapter = randomAdapter(2, 'padded');
  const padded = padRank(linears, adapter, 5);

  it('gives the same loss, and a gradient that is the same where it was and zero where it is padding', async () => {
    const [before, after] = [await train(adapter), await train(padded)];
    expectClose(after['losses']?.data ?? [], before['losses']?.data ?? [], tolerances.layoutF32, 'loss');
    const gradient = { rank: 5, alpha: padded.alpha, values: Float32Array.from(after['gradient']?.data ?? []) };
    const unpadded = unpadRank(linears, gradient, 2);
    expectClose(unpadded.values, before['gradient']?.data ?? [], tolerances.layoutF32, 'gradient');
    expectClose(padRank(linears, unpadded, 5).values, gradient.values, tolerances.layoutF32, 'padding of the gradient');
  });

  it('is cut back to itself', () => expect(unpadRank(linears, padded, 2)).toEqual(adapter));
});

describe('interpolation', () => {
  const [from, to] = [randomAdapter(2, 'from', 3), randomAdapter(4, 'to', 10)];

  it('gives the ends at 0 and 1, whatever their ranks and scales', async () => {
    for (const [share, end] of [[0, from], [1, to]] as const) {
      const [actual, expected] = [await train(interpolateAdapters(linears, from, to, share)), await train(end)];
      expectClose(actual['losses']?.data ?? [], expected['losses']?.data ?? [], tolerances.layoutF32, `share ${share}`);
    }
  });

  it('mixes A and B', () => {
    const other = randomAdapter(4, 'other', 10);
    const half = interpolateAdapters(linears, other, to, 0.25);
    expectClose(half.values, to.values.map((value, index) => 0.75 * (other.values[index] ?? 0) + 0.25 * value), tolerances.layoutF32, 'values');
  });

  it('from the base scales the update', async () => {
    const nothing = await train(interpolateAdapters(linears, null, to, 0));
    const zero = await train({ ...to, values: new Float32Array(to.values.length) });
    expect(nothing['losses']?.data).toEqual(zero['losses']?.data);
    const half = interpolateAdapters(linears, null, to, 0.5);
    const scaled = await train({ ...to, alpha: to.alpha / 2 });
    expectClose((await train(half))['losses']?.data ?? [], scaled['losses']?.data ?? [], tolerances.layoutF32, 'half');
  });
});

describe('PEFT tensors', () => {
  const adapter = randomAdapter(3, 'peft');
  const peft = toPeft(linears, adapter, { baseName: 'tiny', baseHash: 'abc' });

  it('are the transposes of the flat ones and come back the same', () => {
    const { a, name, inputs } = adapterLayout(linears, 3).modules[1] ?? { a: { offset: 0 }, name: '', inputs: 0 };
    expect(peft.modules[1]).toMatchObject({ name, inputs });
    expect(peft.modules[1]?.a[2 * inputs + 1]).toBe(adapter.values[a.offset + 1 * 3 + 2]);
    expect(fromPeft(linears, peft, { baseHash: 'abc' })).toEqual(adapter);
  });

  it('of another base, of other layers or of another size are refused', () => {
    expect(() => fromPeft(linears, peft, { baseHash: 'def' })).toThrow(expect.objectContaining({ code: 'adapter.otherBase' }));
    expect(() => fromPeft(linears.slice(1), peft, { baseHash: 'abc' })).toThrow(expect.objectContaining({ code: 'adapter.otherBase' }));
    const wider = linears.map((linear) => ({ ...linear, inputs: linear.inputs + 1 }));
    expect(() => fromPeft(wider, peft, { baseHash: 'abc' })).toThrow(expect.objectContaining({ code: 'adapter.shapeMismatch' }));
  });

  it('for some layers only leave the others unchanged', async () => {
    const some = { ...peft, modules: peft.modules.slice(0, 2) };
    const flat = fromPeft(linears, some, { baseHash: 'abc' });
    const zeroed = { ...adapter, values: adapter.values.slice() };
    for (const { b } of adapterLayout(linears, 3).modules.slice(2)) zeroed.values.fill(0, b.offset, b.offset + b.rows * b.columns);
    expect((await train(flat))['losses']?.data).toEqual((await train(zeroed))['losses']?.data);
  });
});

function randomAdapter(rank: number, seed: string, alpha = 4): FlatAdapter {
  const random = new Random(seed);
  return { rank, alpha, values: Float32Array.from({ length: adapterLayout(linears, rank).size }, () => 0.2 * random.normal()) };
}

async function train(adapter: FlatAdapter): Promise<Tensors> {
  const layout = adapterLayout(linears, adapter.rank);
  const { values, scale } = stackAdapters(layout, [adapter]);
  const executable = await referenceRuntime().compile(trainingGraph(config, { layout, trained: layout.slots }), tinyWeights(config), { purpose: 'training' });
  return executable.run({
    ...packExamples([example], { rowTokens: 8, layout: 'packed' }),
    adapters: { dtype: 'f32', shape: [1, layout.size], data: values },
    scale: { dtype: 'f32', shape: [1], data: scale },
  });
}
