// Building and verifying graphs: shapes are worked out, misfits refused where they are made, broken graphs found.
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../../server/engine/graph/graph.ts';
import { GraphBuilder } from '../../../server/engine/graph/graphBuilder.ts';
import { printGraph } from '../../../server/engine/graph/printGraph.ts';
import { ShapeError } from '../../../server/engine/graph/shapeRules.ts';
import type { Value } from '../../../server/engine/graph/value.ts';
import { verify } from '../../../server/engine/graph/verify.ts';

describe('a graph builder', () => {
  it('works out shapes and prints them', () => {
    expect(printGraph(sample())).toBe(
      [
        'graph sample',
        '  input x f32 [K, S, T, 6]',
        '  input y f32 [K, S, T, 6]',
        '  constant norm.weight f32 [6]',
        '  constant up.weight f32 [9, 6]',
        '  normed [K, S, T, 6], normed.sum [K, S, T, 6] = RmsNorm(x: x, weight: norm.weight, residual: y) {epsilon: 0.00001}',
        '  LoraLinear [K, S, T, 9] = LoraLinear(x: normed, weight: up.weight)',
        '  output wide = LoraLinear',
        '',
      ].join('\n'),
    );
  });

  it('gives a constant asked for twice once, and makes names unique', () => {
    const builder = new GraphBuilder('twice');
    const x = builder.input('x', 'f32', ['K', 4]);
    expect(builder.constant('w', [4])).toBe(builder.constant('w', [4]));
    const first = builder.apply('Add', { a: x, b: x }, {}).output;
    expect([first.name, builder.apply('Add', { a: first, b: x }, {}).output.name]).toEqual(['Add', 'Add#2']);
  });

  const misfits: readonly (readonly [string, (builder: GraphBuilder, x: Value) => unknown, RegExp])[] = [
    ['unequal shapes', (builder, x) => builder.apply('Add', { a: x, b: builder.input('other', 'f32', ['K', 'S', 'T', 7]) }, {}), /^Add: b \[K, S, T, 7\] is not like a/],
    ['two symbols', (builder, x) => builder.apply('Add', { a: x, b: builder.input('other', 'f32', ['K', 'S', 'U', 6]) }, {}), /^Add/],
    ['a weight of another width', (builder, x) => builder.apply('LoraLinear', { x, weight: builder.constant('w', [9, 5]) }, {}), /^LoraLinear: .*6 is not 5/],
    ['an adapter without a scale', (builder, x) => builder.apply('LoraLinear', { x, weight: builder.constant('w', [9, 6]), a: x, b: x }, {}), /come together/],
    ['floats for positions', (builder, x) => builder.apply('Rope', { x, positions: builder.input('p', 'f32', ['K', 'S', 'T']) }, { frequencies: [1], inverse: false }), /positions is f32/],
    ['a head that does not divide', (builder, x) => builder.apply('RmsNorm', { x, weight: builder.constant('w', [4]) }, { epsilon: 1 }), /multiple/],
    ['slots with a gap', (builder) => builder.apply('AdapterSplit', { flat: builder.input('f', 'f32', ['K', 5]) }, { slots: [{ name: 'a', offset: 1, rows: 2, columns: 2 }] }), /starts at 1/],
  ];
  it.each(misfits)('refuses %s', (_title, build, message) => {
    const builder = new GraphBuilder('misfit');
    const x = builder.input('x', 'f32', ['K', 'S', 'T', 6]);
    expect(() => build(builder, x)).toThrow(ShapeError);
    expect(() => build(new GraphBuilder('again'), x)).toThrow(message);
  });
});

describe('the verifier', () => {
  const broken: readonly (readonly [string, (graph: Graph) => Graph, RegExp])[] = [
    ['a node before what it reads', (graph) => ({ ...graph, nodes: graph.nodes.toReversed() }), /not produced before/],
    ['a value produced twice', (graph) => ({ ...graph, nodes: [...graph.nodes, ...graph.nodes.slice(0, 1)] }), /produced twice/],
    ['a wrong shape', (graph) => ({ ...graph, inputs: graph.inputs.map((input) => ({ ...input, shape: ['K', 2] })) }), /not produced before|not/],
    ['an output that nothing produces', (graph) => ({ ...graph, nodes: graph.nodes.slice(0, 1) }), /output wide is not produced/],
    ['an input that is gone', (graph) => ({ ...graph, inputs: graph.inputs.slice(0, 1) }), /\(y\) is not produced/],
  ];
  it.each(broken)('finds %s', (_title, breakIt, message) => expect(() => verify(breakIt(sample()))).toThrow(message));
});

function sample(): Graph {
  const builder = new GraphBuilder('sample');
  const [x, y] = [builder.input('x', 'f32', ['K', 'S', 'T', 6]), builder.input('y', 'f32', ['K', 'S', 'T', 6])];
  const { normed } = builder.apply('RmsNorm', { x, weight: builder.constant('norm.weight', [6]), residual: y }, { epsilon: 1e-5 }, { name: 'normed' });
  const { output } = builder.apply('LoraLinear', { x: normed, weight: builder.constant('up.weight', [9, 6]) }, {});
  return verify(builder.build({ wide: output }));
}
