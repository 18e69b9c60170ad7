// A program as plain data: nodes in execution order over values. Built by `GraphBuilder`, checked by `verify`, read by every executor.
// Invariant: a node reads only graph inputs, constants and outputs of earlier nodes; every value is produced exactly once.
import type { AttributesOf, InputsOf, OperationName, OutputsOf } from './operations.ts';
import type { Value } from './value.ts';

export interface NodeOf<Op extends OperationName> {
  readonly op: Op;
  readonly inputs: InputsOf<Op>;
  readonly outputs: OutputsOf<Op>;
  readonly attributes: AttributesOf<Op>;
}

/** A union over all operations, discriminated by `op`. */
export type Node = { [Op in OperationName]: NodeOf<Op> }[OperationName];

export interface Graph {
  readonly name: string;
  /** Fed on each run, by name. */
  readonly inputs: readonly Value[];
  /** Frozen weights; the name is the tensor's name in the checkpoint. */
  readonly constants: readonly Value[];
  readonly nodes: readonly Node[];
  /** What a run returns, by the name that the caller sees (a value may have another name inside). */
  readonly outputs: Readonly<Record<string, Value>>;
}

/** The inputs that are given, as [name, value], in the order in which the node was built. */
export function inputsOf(node: Node): [string, Value][] {
  return given(node.inputs);
}

export function outputsOf(node: Node): [string, Value][] {
  return given(node.outputs);
}

function given(values: Readonly<Record<string, Value | undefined>> | object): [string, Value][] {
  return Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined);
}
