// What the lowering of one operation sees: where the values of the graph live in the ONNX graph. The surprise: an
// activation [K, S, T, width] is held as [K, S*T, width] ("rows") wherever possible, which is what every matrix product wants.
import { assert, present } from '../../base/assert.ts';
import type { NodeOf } from '../graph/graph.ts';
import type { OperationName } from '../graph/operations.ts';
import type { Dim, Shape, Value } from '../graph/value.ts';
import { OnnxEmitter, type ExecutionProvider } from './onnxEmitter.ts';

export type LoweringRule<Op extends OperationName> = (node: NodeOf<Op>, context: Lowering) => void;

interface Place {
  /** Name of the tensor in the value's own shape. */
  logical?: string;
  /** Name of the tensor as rows; for ranks other than 4 the same as `logical`. */
  rows?: string;
  make?: () => string;
}

export class Lowering {
  readonly emit: OnnxEmitter;
  private readonly places = new Map<number, Place>();
  private readonly symbols = new Map<string, { readonly input: string; readonly axis: number }>();

  constructor(provider: ExecutionProvider) {
    this.emit = new OnnxEmitter(provider);
  }

  addInput(value: Value, name: string): void {
    this.places.set(value.id, { logical: name });
    value.shape.forEach((dim, axis) => {
      if (typeof dim === 'string' && !this.symbols.has(dim)) this.symbols.set(dim, { input: name, axis });
    });
  }

  addConstant(value: Value, name: string): void {
    this.places.set(value.id, { logical: name });
  }

  /** The tensor in the value's own shape. */
  read(value: Value): string {
    const place = this.place(value);
    place.logical ??= isRows(value) ? this.reshape(present(place.rows), value.shape) : present(place.rows);
    return place.logical;
  }

  /** The tensor as [K, S*T, width] if the value is [K, S, T, width], else as it is. */
  rows(value: Value): string {
    const place = this.place(value);
    place.rows ??= isRows(value) ? this.emit.reshape(present(place.logical), [0, -1, widthOf(value)]) : present(place.logical);
    return place.rows;
  }

  write(value: Value | undefined, name: string): void {
    if (value !== undefined) this.places.set(value.id, { logical: name });
  }

  writeRows(value: Value | undefined, name: string): void {
    if (value !== undefined) this.places.set(value.id, { rows: name });
  }

  /** `make` (of the value in its own shape) runs when something first reads the value; saved values that nothing reads cost nothing. */
  writeLazily(value: Value | undefined, make: () => string): void {
    if (value !== undefined) this.places.set(value.id, { make });
  }

  /** Shared by all operations that ask for the same derived form of the same value. */
  derived(value: Value, form: string, make: () => string): string {
    return this.emit.once(`derived:${value.id}:${form}`, make);
  }

  reshape(x: string, shape: Shape): string {
    return this.emit.apply('Reshape', [x, this.shapeTensor(shape)]);
  }

  /** A 64-bit vector with the lengths of these dimensions in this run. */
  shapeTensor(shape: Shape): string {
    if (shape.every((dim) => typeof dim === 'number')) return this.emit.longs(shape);
    return this.emit.once(`shape:${shape.join()}`, () =>
      this.emit.apply('Concat', shape.map((dim) => this.length(dim)), { axis: { int: 0 } }),
    );
  }

  /** The length of a dimension as a 64-bit vector of one element. */
  length(dim: Dim): string {
    if (typeof dim === 'number') return this.emit.longs([dim]);
    const source = this.symbols.get(dim);
    assert(source !== undefined, `no graph input has the dimension ${dim}`);
    return this.emit.once(`length:${dim}`, () =>
      this.emit.apply('Shape', [source.input], { start: { int: source.axis }, end: { int: source.axis + 1 } }),
    );
  }

  /** 0, 1, … length-1 as i32, `length` a 64-bit vector of one element. */
  range(length: string): string {
    return this.emit.once(`range:${length}`, () => {
      const end = this.emit.apply('Squeeze', [this.emit.cast(length, 'i32')]);
      return this.emit.apply('Range', [this.emit.i32(0), end, this.emit.i32(1)]);
    });
  }

  private place(value: Value): Place {
    const place = present(this.places.get(value.id), value.name);
    if (place.make !== undefined) {
      place.logical = place.make();
      delete place.make;
    }
    return place;
  }
}

function isRows(value: Value): boolean {
  return value.shape.length === 4;
}

/** Widths are always known when a graph is built. */
export function widthOf(value: Value): number {
  const width = value.shape.at(-1);
  assert(typeof width === 'number', `${value.name} has no fixed width`);
  return width;
}
