// Tensors of the reference executor: as the runtime's, but floats may be f64, so that gradients can be checked by differences.
// Loops are plain on purpose: this code is read to learn what an operation means.
import type { OperationName, Operations } from '../../graph/operations.ts';
import type { Value } from '../../graph/value.ts';

export type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array;

export interface ReferenceTensor {
  readonly shape: readonly number[];
  readonly data: Numbers;
}

/** Makes zero-filled tensors of the precision of this evaluation. */
export interface Make {
  readonly floats: (...shape: readonly number[]) => ReferenceTensor;
  readonly integers: (...shape: readonly number[]) => ReferenceTensor;
}

type TensorsOf<Values> = { readonly [Name in keyof Values]: Values[Name] extends Value ? ReferenceTensor : ReferenceTensor | undefined };

/** Returns all outputs, optional ones included. */
export type Kernel<Op extends OperationName> = (
  inputs: TensorsOf<Operations[Op]['inputs']>,
  attributes: Operations[Op]['attributes'],
  make: Make,
) => Partial<TensorsOf<Operations[Op]['outputs']>>;

/** An element; outside the array NaN, which no test survives. */
export function at(data: Numbers, index: number): number {
  return data[index] ?? Number.NaN;
}

export function add(data: Numbers, index: number, amount: number): void {
  data[index] = at(data, index) + amount;
}

/** Dimension `index`; negative counts from the end. */
export function dim(tensor: ReferenceTensor, index: number): number {
  return tensor.shape.at(index) ?? Number.NaN;
}

export function elements(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** The rows of the last dimension. */
export function rowsOf(tensor: ReferenceTensor): number {
  return elements(tensor.shape.slice(0, -1));
}
