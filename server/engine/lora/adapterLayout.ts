// Where each tensor of an adapter lies in its flat buffer: module after module, A [in, rank] first, then B [rank, out], row-major.
// The flat layout holds the transposes of PEFT's tensors (lora_A [rank, in], lora_B [out, rank]), as the graph multiplies from the right.
import { sizeOf } from '../graph/shapeRules.ts';
import type { AdapterSlot } from '../graph/operations.ts';

/** A linear layer that takes an adapter, named as in the checkpoint: 'model.layers.0.self_attn.q_proj'. */
export interface LinearModule {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
}

export interface AdaptedModule extends LinearModule {
  readonly a: AdapterSlot;
  readonly b: AdapterSlot;
}

export interface AdapterLayout {
  readonly rank: number;
  /** Elements of one candidate's buffer. */
  readonly size: number;
  readonly modules: readonly AdaptedModule[];
  /** All slots in order, for AdapterSplit and AdapterJoin. */
  readonly slots: readonly AdapterSlot[];
}

/** The same slots one after the other in a buffer of their own. */
export function joinedSlots(slots: readonly AdapterSlot[]): readonly AdapterSlot[] {
  let offset = 0;
  return slots.map((slot) => {
    const joined = { ...slot, offset };
    offset += slot.rows * slot.columns;
    return joined;
  });
}

export function adapterLayout(linears: readonly LinearModule[], rank: number): AdapterLayout {
  let offset = 0;
  const slot = (name: string, rows: number, columns: number): AdapterSlot => {
    const made = { name, offset, rows, columns };
    offset += rows * columns;
    return made;
  };
  const modules = linears.map((linear) => ({
    ...linear,
    a: slot(`${linear.name}.lora_A`, linear.inputs, rank),
    b: slot(`${linear.name}.lora_B`, rank, linear.outputs),
  }));
  const slots = modules.flatMap((module) => [module.a, module.b]);
  return { rank, size: sizeOf(slots), modules, slots };
}
