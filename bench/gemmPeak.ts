// This machine's fp32 matrix-product peak, through the same onnxruntime and threads as what is compared with it.
import { encodeOnnxModel, type OnnxGraph } from '../server/engine/onnx/onnxModel.ts';
import { OnnxSession } from '../server/engine/runtime/onnxruntime/session.ts';
import type { Tensor } from '../server/engine/runtime/runtime.ts';

/** Squares of one are in the caches, of the other not; which is faster depends on the machine, and the peak is the faster. */
const sizes = [512, 2048] as const;
/** About so many of each size in one reading. */
const operationsPerReading = 64e9;

export interface GemmRate {
  /** Floating-point operations per second. */
  readonly perSecond: number;
  /** The same per second of processor time, times the threads: what they would reach undisturbed. */
  readonly perCpuSecond: number;
}

export interface GemmPeak {
  /** A reading of half a second or more. */
  measure(): Promise<GemmRate>;
  dispose(): Promise<void>;
}

export async function openGemmPeak(threads: number): Promise<GemmPeak> {
  const squares = await Promise.all(sizes.map((size) => openSquares(size, threads)));
  return {
    async measure() {
      const rates = [];
      for (const { run } of squares) rates.push(await run());
      return { perSecond: Math.max(...rates.map(({ perSecond }) => perSecond)), perCpuSecond: Math.max(...rates.map(({ perCpuSecond }) => perCpuSecond)) };
    },
    async dispose() {
      for (const { session } of squares) await session.dispose();
    },
  };
}

async function openSquares(size: number, threads: number) {
  const productsPerRun = Math.round(operationsPerReading / (2 * size ** 3));
  const operations = productsPerRun * 2 * size ** 3;
  const session = await OnnxSession.open(encodeOnnxModel(chainOfProducts(size, productsPerRun)), { threads, weightsFolder: undefined, prepack: false, spins: true });
  const square = (seed: number): Tensor => ({ dtype: 'f32', shape: [size, size], data: Float32Array.from({ length: size * size }, (_, i) => Math.sin(i * seed) / size) });
  const inputs = { a: square(0.37), b: square(0.61) };
  await session.run(inputs);
  return {
    session,
    async run(): Promise<GemmRate> {
      const [startMs, cpu] = [performance.now(), process.cpuUsage()];
      await session.run(inputs);
      const seconds = (performance.now() - startMs) / 1000;
      const { user, system } = process.cpuUsage(cpu);
      return { perSecond: operations / seconds, perCpuSecond: (operations / ((user + system) / 1e6)) * threads };
    },
  };
}

/** x = a; x = x·b, again and again; one element comes out, so that no copy is timed. */
function chainOfProducts(size: number, productsPerRun: number): OnnxGraph {
  const names = ['a', ...Array.from({ length: productsPerRun }, (_, index) => `x${index}`)];
  const products = names.slice(1).map((output, index) => ({ op: 'MatMul', domain: '' as const, inputs: [names[index] ?? '', 'b'], outputs: [output], attributes: {} }));
  const corner = { op: 'Slice', domain: '' as const, inputs: [names.at(-1) ?? '', 'zeros', 'ones'], outputs: ['corner'], attributes: {} };
  return {
    name: 'peak',
    inputs: ['a', 'b'].map((name) => ({ name, type: 'f32', shape: [size, size] })),
    outputs: [{ name: 'corner', type: 'f32', shape: [1, 1] }],
    constants: [
      { name: 'zeros', shape: [2], data: { type: 'i64', values: BigInt64Array.of(0n, 0n) } },
      { name: 'ones', shape: [2], data: { type: 'i64', values: BigInt64Array.of(1n, 1n) } },
    ],
    externals: [],
    nodes: [...products, corner],
  };
}
