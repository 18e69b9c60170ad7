// Collects ONNX nodes and small constants under fresh names. `once` shares what several operations need (masks, cosines):
// nothing below removes duplicates, since the session's own merging is off (it would undo recomputation).
import type { OnnxAttribute, OnnxConstant, OnnxGraph, OnnxNode, OnnxType, OnnxValueInfo } from './onnxModel.ts';

export type Attributes = Readonly<Record<string, OnnxAttribute>>;

/** Whose kernels run the graph. What WebGPU has no kernel for, onnxruntime runs on the CPU, with a copy there and back. */
export type ExecutionProvider = 'cpu' | 'webgpu';

export interface ProductOptions {
  /** Exchange the last two dimensions first; `rank` is that of the operand it happens to. */
  readonly transA?: boolean;
  readonly transB?: boolean;
  readonly rank?: number;
  readonly alpha?: number;
}

export class OnnxEmitter {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxConstant[] = [];
  private readonly known = new Map<string, string>();
  private count = 0;

  /** `prefix` keeps the names of a subgraph apart from those of the graph around it. */
  constructor(
    readonly provider: ExecutionProvider,
    private readonly prefix = '',
  ) {}

  /** One node with one output; returns the output's name. */
  apply(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.applyMany(op, inputs, 1, attributes)[0] as string;
  }

  /** An operation of com.microsoft. */
  contrib(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const output = this.fresh();
    this.nodes.push({ op, domain: 'com.microsoft', inputs, outputs: [output], attributes });
    return output;
  }

  applyMany(op: string, inputs: readonly string[], outputs: number, attributes: Attributes = {}): string[] {
    const names = Array.from({ length: outputs }, () => this.fresh());
    this.nodes.push({ op, domain: '', inputs, outputs: names, attributes });
    return names;
  }

  /** `make` runs on the first call with this key only. */
  once(key: string, make: () => string): string {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const name = make();
    this.known.set(key, name);
    return name;
  }

  f32(value: number): string {
    return this.once(`f32:${value}`, () => this.constant([], { type: 'f32', values: Float32Array.of(value) }));
  }

  floats(values: readonly number[]): string {
    return this.once(`floats:${values.join()}`, () => this.constant([values.length], { type: 'f32', values: Float32Array.from(values) }));
  }

  i32(value: number): string {
    return this.once(`i32:${value}`, () => this.constant([], { type: 'i32', values: Int32Array.of(value) }));
  }

  /** A 64-bit vector: axes, sizes, shapes. */
  longs(values: readonly number[]): string {
    return this.once(`longs:${values.join()}`, () => this.constant([values.length], { type: 'i64', values: BigInt64Array.from(values, BigInt) }));
  }

  long(value: number): string {
    return this.once(`long:${value}`, () => this.constant([], { type: 'i64', values: BigInt64Array.of(BigInt(value)) }));
  }

  constant(shape: readonly number[], data: OnnxConstant['data']): string {
    const name = this.fresh();
    this.constants.push({ name, shape, data });
    return name;
  }

  reshape(x: string, shape: readonly number[]): string {
    return this.apply('Reshape', [x, this.longs(shape)]);
  }

  transpose(x: string, perm: readonly number[]): string {
    return this.apply('Transpose', [x, ], { perm: { ints: perm } });
  }

  cast(x: string, type: OnnxType): string {
    return this.apply('Cast', [x], { to: { int: castTo[type] } });
  }

  /** a · b over the last two dimensions; a 2-dimensional b serves all batches as one product. */
  matMul(a: string, b: string, { transA = false, transB = false, rank = 3, alpha = 1 }: ProductOptions = {}): string {
    if (!transA && !transB && alpha === 1) return this.apply('MatMul', [a, b]);
    if (this.provider === 'cpu') return this.contrib('FusedMatMul', [a, b], { transA: { int: Number(transA) }, transB: { int: Number(transB) }, alpha: { float: alpha } });
    const perm = lastTwoExchanged(rank);
    const product = this.apply('MatMul', [transA ? this.transpose(a, perm) : a, transB ? this.transpose(b, perm) : b]);
    return alpha === 1 ? product : this.apply('Mul', [product, this.f32(alpha)]);
  }

  /** x · weightᵀ for a frozen weight [out, width], which is read as it is stored: a transposed copy would double what the weights take. */
  linear(x: string, weight: string, { width }: { readonly width: number }): string {
    if (this.provider === 'cpu') return this.matMul(x, weight, { transB: true });
    const product = this.apply('Gemm', [this.reshape(x, [-1, width]), weight], { transB: { int: 1 } });
    const batches = this.apply('Shape', [x], { start: { int: 0 }, end: { int: -1 } });
    return this.apply('Reshape', [product, this.apply('Concat', [batches, this.longs([-1])], { axis: { int: 0 } })]);
  }

  reduceSum(x: string, axis: number): string {
    return this.apply('ReduceSum', [x, this.longs([axis])], { keepdims: { int: 1 } });
  }

  /** The maximum over the last axis, which goes. */
  maximum(x: string): string {
    return this.apply('ReduceMax', [x, this.longs([-1])], { keepdims: { int: 0 } });
  }

  /** logsumexp(z) = max(z) - log(max(softmax(z))) over the last axis, which goes: no exponential beside those of the softmax. */
  logSumExp({ maximum, softmax }: { readonly maximum: string; readonly softmax: string }): string {
    return this.apply('Sub', [maximum, this.apply('Log', [this.maximum(softmax)])]);
  }

  subgraph(name: string, inputs: readonly OnnxValueInfo[], outputs: readonly OnnxValueInfo[]): OnnxGraph {
    return { name, inputs, outputs, constants: this.constants, externals: [], nodes: this.nodes };
  }

  private fresh(): string {
    return `${this.prefix}/${this.count++}`;
  }
}

function lastTwoExchanged(rank: number): number[] {
  return [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2];
}

/** TensorProto.DataType. */
const castTo: Readonly<Record<OnnxType, number>> = { f32: 1, i32: 6, i64: 7, bool: 9 };
