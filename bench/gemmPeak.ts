// This machine's fp32 matrix-product peak, through the same onnxruntime and threads as what is compared with it.
import { encodeOnnxModel, type OnnxGraph } from '../server/engine/onnx/onnxModel.ts';
import { OnnxSession } from '../server/engine/runtime/onnxruntime/session.ts';
import type { Tensor } from '../server/engine/runtime/runtime.ts';

const size = 2048;
const productsPerRun = 8;

export interface GemmRate {
  /** Floating-point operations per second. */
  readonly perSecond: number;
  /** The same per second of processor time, times the threads: what they would reach undisturbed. */
  readonly perCpuSecond: number;
}

export interface GemmPeak {
  /** A reading of a few tenths of a second. */
  measure(): Promise<GemmRate>;
  dispose(): Promise<void>;
}

export async function openGemmPeak(threads: number): Promise<GemmPeak> {
  const session = await OnnxSession.open(encodeOnnxModel(chainOfProducts()), { threads, weightsFolder: undefined, prepack: false, spins: true });
  const square = (seed: number): Tensor => ({ dtype: 'f32', shape: [size, size], data: Float32Array.from({ length: size * size }, (_, i) => Math.sin(i * seed) / size) });
  const inputs = { a: square(0.37), b: square(0.61) };
  await session.run(inputs);
  return {
    async measure() {
      const [startMs, cpu] = [performance.now(), process.cpuUsage()];
      await session.run(inputs);
      const seconds = (performance.now() - startMs) / 1000;
      const { user, system } = process.cpuUsage(cpu);
      const operations = productsPerRun * 2 * size ** 3;
      return { perSecond: operations / seconds, perCpuSecond: (operations / ((user + system) / 1e6)) * threads };
    },
    dispose: () => session.dispose(),
  };
}

/** x = a; x = x·b, eight times; one element comes out, so that no copy is timed. */
function chainOfProducts(): OnnxGraph {
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
