// Random weights of a given shape in one f32 file, written once: what speed is measured on, since values do not matter for it.
import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../server/base/random.ts';
import type { ModelConfig } from '../server/engine/model/modelConfig.ts';
import { modelTensors } from '../server/engine/model/modelTensors.ts';
import type { Weights } from '../server/engine/runtime/runtime.ts';

export type RandomWeights = Extract<Weights, { kind: 'file' }> & { readonly bytes: number };

const pageBytes = 4096;

/** One block of normal numbers repeated; norms are ones. */
export function randomWeights(config: ModelConfig, name: string): RandomWeights {
  const tensors = new Map<string, { shape: readonly number[]; offsetBytes: number; lengthBytes: number }>();
  let bytes = 0;
  for (const [tensor, shape] of modelTensors(config)) {
    const lengthBytes = 4 * shape.reduce((product, dim) => product * dim, 1);
    tensors.set(tensor, { shape, offsetBytes: bytes, lengthBytes });
    bytes = Math.ceil((bytes + lengthBytes) / pageBytes) * pageBytes;
  }
  const folder = join(tmpdir(), 'graft-bench');
  const path = join(folder, `${name}-${bytes}.f32`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(path)) write(`${path}.part`, tensors, bytes);
  if (!existsSync(path)) renameSync(`${path}.part`, path);
  return { kind: 'file', path, tensors, bytes };
}

function write(path: string, tensors: ReadonlyMap<string, { readonly offsetBytes: number; readonly lengthBytes: number }>, bytes: number): void {
  const random = new Random(1);
  const normal = Float32Array.from({ length: 1 << 20 }, () => 0.02 * random.normal());
  const ones = new Float32Array(1 << 20).fill(1);
  const file = openSync(path, 'w');
  for (const [name, { offsetBytes, lengthBytes }] of tensors) {
    const block = name.includes('norm') ? ones : normal;
    for (let at = 0; at < lengthBytes; at += block.byteLength) {
      writeSync(file, new Uint8Array(block.buffer, 0, Math.min(block.byteLength, lengthBytes - at)), 0, undefined, offsetBytes + at);
    }
  }
  ftruncateSync(file, bytes);
  closeSync(file);
}
