// The only door to onnxruntime-node. `run` blocks this thread; everything here lives in an engine process.
import ort from 'onnxruntime-node';
import { present } from '../../../base/assert.ts';
import type { Tensor, Tensors } from '../runtime.ts';
import { OnnxruntimeError } from './errors.ts';

export interface SessionOptions {
  readonly threads: number;
  /** Default: the CPU. */
  readonly device?: 'cpu' | 'webgpu';
  /** Absent: nothing is recorded. */
  readonly profilePrefix?: string;
  /** Folder of the weight file; initializers inside the model name it relative to this. */
  readonly weightsFolder: string | undefined;
  /** Whether matrices may be copied into the layout that the kernels like best: faster for few rows, doubles the weights' memory. */
  readonly prepack: boolean;
  /** Whether threads wait for work awake: quicker, and it takes the cores from what runs beside. */
  readonly spins: boolean;
}

export class OnnxSession {
  private constructor(
    private readonly session: ort.InferenceSession,
    private readonly device: 'cpu' | 'webgpu',
    private readonly isProfiled: boolean,
  ) {}

  /** The binding's version, for names shown to users. */
  static readonly version: string = ort.env.versions.node ?? ort.env.versions.common;

  static async open(model: Uint8Array, { threads, device = 'cpu', profilePrefix, weightsFolder, prepack, spins }: SessionOptions): Promise<OnnxSession> {
    try {
      const session = await ort.InferenceSession.create(model, {
        executionProviders: [device],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        // Lengths differ from run to run: planned memory would be planned again for each.
        enableMemPattern: false,
        logSeverityLevel: 3,
        ...(profilePrefix !== undefined && { enableProfiling: true, profileFilePrefix: profilePrefix }),
        extra: {
          session: {
            intra_op: { allow_spinning: spins ? '1' : '0' },
            disable_prepacking: prepack ? '0' : '1',
            ...(weightsFolder !== undefined && { model_external_initializers_file_folder_path: weightsFolder }),
          },
          // Merging equal nodes would undo what is computed again on purpose, to save memory.
          optimization: { disable_specified_optimizers: 'CommonSubexpressionElimination' },
        },
      });
      return new OnnxSession(session, device, profilePrefix !== undefined);
    } catch (cause) {
      throw new OnnxruntimeError('onnxruntime.loadFailed', `The model could not be loaded into onnxruntime. ${loadAdvice[device]}`, cause);
    }
  }

  async run(inputs: Tensors): Promise<Tensors> {
    const feeds = Object.fromEntries(this.session.inputNames.map((name) => [name, toOrt(present(inputs[name], `input ${name}`))]));
    let results: ort.InferenceSession.ReturnType;
    try {
      results = await this.session.run(feeds);
    } catch (cause) {
      throw new OnnxruntimeError('onnxruntime.runFailed', `onnxruntime could not run the model, most likely for lack of memory.${this.device === 'webgpu' ? ' Choose the CPU: the setting `graft.device`, or `--device cpu`.' : ''}`, cause);
    }
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, fromOrt(name, tensor)]));
  }

  async dispose(): Promise<void> {
    if (this.isProfiled) this.session.endProfiling();
    await this.session.release();
  }
}

const loadAdvice = {
  cpu: 'Check the model folder and the free memory.',
  webgpu: 'The GPU may lack the memory, or buffers as large as its largest tensor. Choose a smaller model, or the CPU: the setting `graft.device`, or `--device cpu`.',
} as const;

function toOrt({ dtype, shape, data }: Tensor): ort.Tensor {
  if (dtype === 'f32') return new ort.Tensor('float32', data as Float32Array, shape);
  if (dtype === 'i32') return new ort.Tensor('int32', data as Int32Array, shape);
  return new ort.Tensor('bool', data as Uint8Array, shape);
}

function fromOrt(name: string, { type, dims, data }: ort.Tensor): Tensor {
  if (type === 'float32' && data instanceof Float32Array) return { dtype: 'f32', shape: dims, data };
  if (type === 'int32' && data instanceof Int32Array) return { dtype: 'i32', shape: dims, data };
  if (type === 'bool' && data instanceof Uint8Array) return { dtype: 'bool', shape: dims, data };
  throw new OnnxruntimeError('onnxruntime.runFailed', `onnxruntime returned ${name} as ${type}, which no graph asks for.`);
}
