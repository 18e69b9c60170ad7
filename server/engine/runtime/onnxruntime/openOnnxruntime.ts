// The executor on a device that is known to work: a GPU has computed something before a model is opened on it. onnxruntime itself would
// only fail at the first graph, which is at the first keystroke.
import { encodeOnnxModel } from '../../onnx/onnxModel.ts';
import type { Runtime } from '../runtime.ts';
import { OnnxruntimeError } from './errors.ts';
import { onnxruntimeRuntime, type OnnxruntimeOptions } from './onnxruntimeRuntime.ts';
import { OnnxSession } from './session.ts';

/** Rejects with `onnxruntime.noDevice` where no GPU can be used; nothing falls back to another device unasked. */
export async function openOnnxruntime(options: OnnxruntimeOptions): Promise<Runtime> {
  if (options.device === 'webgpu') await tryGpu();
  return onnxruntimeRuntime(options);
}

async function tryGpu(): Promise<void> {
  const three = { type: 'f32', shape: [3] } as const;
  const node = { op: 'Add', domain: '', inputs: ['x', 'x'], outputs: ['y'], attributes: {} } as const;
  const model = encodeOnnxModel({ name: 'try', inputs: [{ ...three, name: 'x' }], outputs: [{ ...three, name: 'y' }], constants: [], externals: [], nodes: [node] });
  let sum: number | undefined;
  try {
    const session = await OnnxSession.open(model, { threads: 1, device: 'webgpu', weightsFolder: undefined, prepack: false, spins: false });
    const { y } = await session.run({ x: { dtype: 'f32', shape: [3], data: Float32Array.of(1, 2, 3) } });
    await session.dispose();
    sum = y?.data[2];
  } catch (cause) {
    throw noDevice(cause);
  }
  if (sum !== 6) throw noDevice(new Error(`3 + 3 was ${sum}`));
}

function noDevice(cause: unknown): OnnxruntimeError {
  return new OnnxruntimeError('onnxruntime.noDevice', 'No GPU was found that WebGPU can compute on. Choose the CPU: the setting `graft.device`, or `--device cpu`.', cause);
}
