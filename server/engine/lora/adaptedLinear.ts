// Insertion of adapters into a graph under construction: model builders call `linear` for every linear layer, and get the layer with its adapter
// where the set has one, the plain layer otherwise. Nothing else in a model knows about LoRA.
import type { GraphBuilder } from '../graph/graphBuilder.ts';
import type { Value } from '../graph/value.ts';
import { symbols } from '../graph/value.ts';
import type { AdapterLayout } from './adapterLayout.ts';

export interface AdapterInputs {
  /** Graph input `adapters`, f32 [K, size]. */
  readonly flat: Value;
  /** Graph input `scale`, f32 [K]. */
  readonly scale: Value;
  /** By slot name. */
  readonly parts: Readonly<Record<string, Value>>;
  readonly merged: boolean;
}

/** Adds the inputs `adapters` and `scale` and the one node that splits the flat buffer. `merged`: see LoraLinear. */
export function adapterInputs(builder: GraphBuilder, layout: AdapterLayout, { merged = false }: { readonly merged?: boolean } = {}): AdapterInputs {
  const flat = builder.input('adapters', 'f32', [symbols.candidates, layout.size]);
  const scale = builder.input('scale', 'f32', [symbols.candidates]);
  const parts = builder.apply('AdapterSplit', { flat }, { slots: layout.slots }, { name: 'adapter' });
  return { flat, scale, parts, merged };
}

export interface LinearSpec {
  /** The module's name in the checkpoint; its weight is `${name}.weight`. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly bias: boolean;
}

export function linear(builder: GraphBuilder, adapters: AdapterInputs | undefined, x: Value, spec: LinearSpec): Value {
  const weight = builder.constant(`${spec.name}.weight`, [spec.outputs, spec.inputs]);
  const bias = spec.bias ? builder.constant(`${spec.name}.bias`, [spec.outputs]) : undefined;
  const a = adapters?.parts[`${spec.name}.lora_A`];
  const b = adapters?.parts[`${spec.name}.lora_B`];
  const scale = a === undefined ? undefined : adapters?.scale;
  const attributes = a !== undefined && adapters?.merged === true ? { merged: true } : {};
  return builder.apply('LoraLinear', { x, weight, bias, a, b, scale }, attributes, { name: spec.name }).output;
}
