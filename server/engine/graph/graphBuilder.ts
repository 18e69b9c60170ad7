// Builds graphs: one `apply` per node, shapes worked out by the shape rules as it goes. A graph can be taken up again (`continueFrom`), which is
// how differentiation adds a backward part to a forward graph.
import { assert } from '../../base/assert.ts';
import type { Graph, Node, NodeOf } from './graph.ts';
import { optionalOutputs, type AttributesOf, type InputsOf, type OperationName, type OutputsOf } from './operations.ts';
import { shapeRules, ShapeError } from './shapeRules.ts';
import type { DType, Shape, TensorType, Value } from './value.ts';

export interface ApplyOptions<Op extends OperationName> {
  /** Optional outputs that this node shall have. */
  readonly wanted?: readonly (keyof OutputsOf<Op> & string)[];
  /** Prefix of the outputs' names; made unique. The operation's name by default. */
  readonly name?: string;
}

export class GraphBuilder {
  private readonly inputs: Value[] = [];
  private readonly constants = new Map<string, Value>();
  private readonly nodes: Node[] = [];
  private readonly names = new Set<string>();
  private nextId = 0;

  constructor(private readonly name: string) {}

  /** A builder that already holds all of `graph` but its outputs. */
  static continueFrom(graph: Graph, name: string): GraphBuilder {
    const builder = new GraphBuilder(name);
    for (const input of graph.inputs) builder.adopt(input);
    builder.inputs.push(...graph.inputs);
    for (const constant of graph.constants) {
      builder.adopt(constant);
      builder.constants.set(constant.name, constant);
    }
    for (const node of graph.nodes) {
      for (const output of Object.values(node.outputs)) if (output !== undefined) builder.adopt(output as Value);
    }
    builder.nodes.push(...graph.nodes);
    return builder;
  }

  input(name: string, dtype: DType, shape: Shape): Value {
    assert(!this.names.has(name), `two inputs are called ${name}`);
    const value = this.value(name, { dtype, shape });
    this.inputs.push(value);
    return value;
  }

  /** A weight by its name in the checkpoint; asking again gives the same value. */
  constant(name: string, shape: Shape): Value {
    const known = this.constants.get(name);
    if (known !== undefined) return known;
    const value = this.value(name, { dtype: 'f32', shape });
    this.constants.set(name, value);
    return value;
  }

  apply<Op extends OperationName>(op: Op, inputs: InputsOf<Op>, attributes: AttributesOf<Op>, options: ApplyOptions<Op> = {}): OutputsOf<Op> {
    const outputs = this.outputsFor(op, inputs, attributes, options);
    this.nodes.push({ op, inputs, outputs, attributes } as unknown as Node);
    return outputs;
  }

  /** Adds a saved output to a node that is already there, and returns it. */
  save<Op extends OperationName>(node: NodeOf<Op>, output: keyof OutputsOf<Op> & string): Value {
    const index = this.nodes.findIndex((candidate) => sharesOutput(candidate, node));
    const current = this.nodes[index];
    assert(current !== undefined, `${node.op} is not in this graph`);
    const known = (current.outputs as Record<string, Value | undefined>)[output];
    if (known !== undefined) return known;
    const type = typesOf(node.op, node.inputs, node.attributes)[output];
    assert(type !== undefined, `${node.op} has no output ${output}`);
    const prefix = Object.values(current.outputs as Record<string, Value | undefined>)[0]?.name ?? node.op;
    const value = this.value(this.unique(`${prefix}.${output}`), type);
    this.nodes[index] = { ...current, outputs: { ...current.outputs, [output]: value } } as unknown as Node;
    return value;
  }

  build(outputs: Readonly<Record<string, Value>>): Graph {
    return { name: this.name, inputs: [...this.inputs], constants: [...this.constants.values()], nodes: [...this.nodes], outputs };
  }

  private outputsFor<Op extends OperationName>(
    op: Op,
    inputs: InputsOf<Op>,
    attributes: AttributesOf<Op>,
    { wanted = [], name = op }: ApplyOptions<Op>,
  ): OutputsOf<Op> {
    const optional: readonly string[] = optionalOutputs[op] ?? [];
    const outputs: Record<string, Value> = {};
    for (const [key, type] of Object.entries(typesOf(op, inputs, attributes))) {
      if (optional.includes(key) && !(wanted as readonly string[]).includes(key)) continue;
      outputs[key] = this.value(this.unique(Object.keys(outputs).length === 0 ? name : `${name}.${key}`), type);
    }
    return outputs as OutputsOf<Op>;
  }

  private value(name: string, type: TensorType): Value {
    this.names.add(name);
    return { id: this.nextId++, name, dtype: type.dtype, shape: type.shape };
  }

  private adopt(value: Value): void {
    this.names.add(value.name);
    this.nextId = Math.max(this.nextId, value.id + 1);
  }

  private unique(name: string): string {
    let candidate = name;
    for (let count = 2; this.names.has(candidate); count++) candidate = `${name}#${count}`;
    return candidate;
  }
}

function typesOf<Op extends OperationName>(op: Op, inputs: InputsOf<Op>, attributes: AttributesOf<Op>): Readonly<Record<string, TensorType>> {
  try {
    return shapeRules[op](inputs, attributes);
  } catch (error) {
    if (error instanceof ShapeError) throw new ShapeError(`${op}: ${error.message}`);
    throw error;
  }
}

function sharesOutput(a: Node, b: { readonly outputs: object }): boolean {
  const ids = new Set(Object.values(a.outputs as Record<string, Value | undefined>).map((value) => value?.id));
  return Object.values(b.outputs as Record<string, Value | undefined>).some((value) => value !== undefined && ids.has(value.id));
}
