// Between the flat buffer of the engine and PEFT's named tensors, which are the transposes. Also the check that an adapter fits this model.
import { AdapterFormatError } from '../../adapterFormat/errors.ts';
import { baseHashKey, type PeftAdapter, type PeftModule } from '../../adapterFormat/peftAdapter.ts';
import { Random } from '../../base/random.ts';
import { adapterLayout, type AdaptedModule, type LinearModule } from './adapterLayout.ts';
import { freshAdapter, type FlatAdapter } from './flatAdapter.ts';

export function toPeft(
  linears: readonly LinearModule[],
  adapter: FlatAdapter,
  { baseName, baseHash, metadata = {} }: { baseName: string; baseHash: string; metadata?: Readonly<Record<string, string>> },
): PeftAdapter {
  const { rank, alpha, values } = adapter;
  const modules = adapterLayout(linears, rank).modules.map(({ name, inputs, outputs, a, b }): PeftModule => ({
    name,
    inputs,
    outputs,
    a: transposed(values.subarray(a.offset, b.offset), { rows: inputs, columns: rank }),
    b: transposed(values.subarray(b.offset, b.offset + rank * outputs), { rows: rank, columns: outputs }),
  }));
  return { rank, alpha, baseName, modules, metadata: { ...metadata, [baseHashKey]: baseHash } };
}

/**
 * Layers that the adapter leaves alone get B = 0 and a fixed random A, so that they change nothing and can still be trained.
 * Throws `AdapterFormatError`: 'adapter.otherBase' where it names another base or has layers that this model lacks, 'adapter.shapeMismatch'.
 */
export function fromPeft(linears: readonly LinearModule[], adapter: PeftAdapter, { baseHash }: { baseHash: string }): FlatAdapter {
  const named = adapter.metadata[baseHashKey];
  if (named !== undefined && named !== baseHash) {
    throw new AdapterFormatError('adapter.otherBase', `This adapter was trained for another model (${adapter.baseName}). Choose that model, or learn anew.`, {
      adapterBase: named,
      modelBase: baseHash,
    });
  }
  const layout = adapterLayout(linears, adapter.rank);
  const flat = freshAdapter(layout, { alpha: adapter.alpha, random: new Random('layers without an adapter') });
  const slots = new Map(layout.modules.map((module) => [module.name, module]));
  for (const module of adapter.modules) {
    const slot = slots.get(module.name);
    if (slot === undefined) {
      throw new AdapterFormatError('adapter.otherBase', `This adapter changes ${module.name}, which the model lacks.`, { module: module.name });
    }
    copyModule(flat.values, slot, module, adapter.rank);
  }
  return flat;
}

function copyModule(values: Float32Array, slot: AdaptedModule, module: PeftModule, rank: number): void {
  if (module.inputs !== slot.inputs || module.outputs !== slot.outputs) {
    throw new AdapterFormatError(
      'adapter.shapeMismatch',
      `This adapter's ${module.name} maps ${module.inputs} to ${module.outputs}; the model's maps ${slot.inputs} to ${slot.outputs}.`,
      { module: module.name },
    );
  }
  values.set(transposed(module.a, { rows: rank, columns: module.inputs }), slot.a.offset);
  values.set(transposed(module.b, { rows: module.outputs, columns: rank }), slot.b.offset);
}

function transposed(data: Float32Array, { rows, columns }: { rows: number; columns: number }): Float32Array {
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) out[column * rows + row] = data[row * columns + column] ?? 0;
  return out;
}
