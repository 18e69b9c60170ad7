// Each operation: the reference runs it, its gradient rule agrees with central differences in f64, and the table leaves no operation out.
import { describe, expect, it } from 'vitest';
import { Random } from '../../../server/base/random.ts';
import { shapeRules } from '../../../server/engine/graph/shapeRules.ts';
import { evaluate } from '../../../server/engine/runtime/reference/evaluate.ts';
import { referenceRuntime } from '../../../server/engine/runtime/reference/referenceRuntime.ts';
import type { ReferenceTensor } from '../../../server/engine/runtime/reference/tensor.ts';
import { checkOperation } from '../../support/checkOperations.ts';
import { expectClose } from '../../support/expectClose.ts';
import { operationCases, type OperationCase } from '../../support/operationCases.ts';
import { tolerances } from '../../support/tolerances.ts';

describe('every operation', () => {
  it('has a case, as a forward node or as the node of a gradient', () => {
    const covered = new Set(operationCases.flatMap(({ graph, backward }) => [...graph.nodes, ...(backward?.graph.nodes ?? [])].map((node) => node.op)));
    expect(Object.keys(shapeRules).filter((op) => !covered.has(op as never))).toEqual([]);
  });

  for (const operation of operationCases) {
    it(`${operation.title}: runs as a compiled program`, () => checkOperation(referenceRuntime(), operation));
    if (operation.backward !== undefined) it(`${operation.title}: gradient equals central differences`, () => checkGradient(operation));
  }
});

function checkGradient({ backward, weights, graph }: OperationCase): void {
  if (backward === undefined) return;
  const feeds = inF64({ ...Object.fromEntries(weights.tensors), ...backward.feeds });
  const gradients = evaluate(backward.graph, feeds, 'f64');
  const lossAt = (name: string, data: Float64Array): number => {
    const outputs = evaluate(graph, { ...feeds, [name]: { shape: feeds[name]?.shape ?? [], data } }, 'f64');
    return backward.of.reduce((sum, output) => sum + dot(outputs[output]?.data ?? [], feeds[`seed.${output}`]?.data ?? []), 0);
  };
  for (const name of backward.wrt) {
    const original = Float64Array.from(feeds[name]?.data ?? []);
    const indices = sampled(original.length, name);
    const expected = indices.map((index) => centralDifference((data) => lossAt(name, data), original, index));
    const actual = indices.map((index) => gradients[`d.${name}`]?.data[index] ?? Number.NaN);
    expectClose(actual, expected, tolerances.differencesF64, `d.${name}`);
  }
}

/** Where the feeds are f32, the f64 evaluation starts from the same numbers. */
function inF64(feeds: Readonly<Record<string, ReferenceTensor>>): Record<string, ReferenceTensor> {
  return Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, widened(tensor)]));
}

function widened({ shape, data }: ReferenceTensor): ReferenceTensor {
  return { shape, data: data instanceof Float32Array ? Float64Array.from(data) : data };
}

function centralDifference(f: (data: Float64Array) => number, at: Float64Array, index: number, step = 1e-5): number {
  const moved = (by: number): number => f(at.with(index, (at[index] ?? 0) + by));
  return (moved(step) - moved(-step)) / (2 * step);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

/** All indices of small tensors, forty of larger ones. */
function sampled(length: number, seed: string): number[] {
  const all = Array.from({ length }, (_, index) => index);
  return length <= 40 ? all : new Random(seed).shuffled(all).slice(0, 40);
}
