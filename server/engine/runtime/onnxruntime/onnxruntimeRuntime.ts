// The portable executor: graphs lowered to ONNX, run by onnxruntime on the CPU, base weights memory-mapped from their file.
import { basename, dirname } from 'node:path';
import { present } from '../../../base/assert.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Value } from '../../graph/value.ts';
import { lowerGraph, type PlacedWeights } from '../../onnx/lowerGraph.ts';
import type { ExecutionProvider } from '../../onnx/onnxEmitter.ts';
import { encodeOnnxModel } from '../../onnx/onnxModel.ts';
import type { CompileOptions, Executable, Runtime, Weights } from '../runtime.ts';
import { OnnxSession } from './session.ts';

export interface OnnxruntimeOptions {
  readonly threads: number;
  /** Default: the CPU. */
  readonly device?: ExecutionProvider | undefined;
  /** Start of file names: on disposal each executable leaves there which provider ran each node. */
  readonly profilePrefix?: string;
}

/** Packed copies of the weights pay off for the few rows of decoding and a little in training, while they are small beside what training needs. */
const prepackLimitBytes = 512 * 2 ** 20;

export function onnxruntimeRuntime({ threads, device = 'cpu', profilePrefix }: OnnxruntimeOptions): Runtime {
  const open = new Set<OnnxSession>();
  return {
    name: `onnxruntime ${OnnxSession.version} ${device}`,
    async compile(graph: Graph, weights: Weights, { purpose }: CompileOptions): Promise<Executable> {
      const model = encodeOnnxModel(lowerGraph(graph, { provider: device, place: (constants) => placeWeights(constants, weights) }));
      const session = await OnnxSession.open(model, {
        threads,
        device,
        ...(profilePrefix !== undefined && { profilePrefix }),
        weightsFolder: weights.kind === 'file' ? dirname(weights.path) : undefined,
        // The learner's process is niced, so what it takes beyond its need is nobody's.
        spins: purpose !== 'decoding',
        // Scoring adds adapters to the weights first, so there is nothing to pack once.
        prepack: purpose !== 'scoring' && weightBytes(graph) <= prepackLimitBytes,
      });
      open.add(session);
      return {
        run: (inputs) => session.run(inputs),
        async dispose() {
          if (open.delete(session)) await session.dispose();
        },
      };
    },
    async dispose() {
      for (const session of open) await session.dispose();
      open.clear();
    },
  };
}

function placeWeights(constants: readonly Value[], weights: Weights): PlacedWeights {
  if (weights.kind === 'memory') {
    const inside = constants.map(({ name }) => {
      const { shape, data } = present(weights.tensors.get(name), name);
      return { name, shape, data: { type: 'f32' as const, values: data } };
    });
    return { constants: inside, externals: [] };
  }
  const externals = constants.map(({ name }) => {
    const { shape, offsetBytes, lengthBytes } = present(weights.tensors.get(name), name);
    return { name, type: 'f32' as const, shape, file: basename(weights.path), offsetBytes, lengthBytes };
  });
  return { constants: [], externals };
}

function weightBytes({ constants }: Graph): number {
  return constants.reduce((sum, { shape }) => sum + 4 * shape.reduce<number>((product, dim) => product * Number(dim), 1), 0);
}
