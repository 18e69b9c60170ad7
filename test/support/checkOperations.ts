// Runs the operation table on an executor and compares every output with the reference's.
import type { Graph } from '../../server/engine/graph/graph.ts';
import { evaluate } from '../../server/engine/runtime/reference/evaluate.ts';
import type { ReferenceTensor } from '../../server/engine/runtime/reference/tensor.ts';
import type { Runtime, Tensors } from '../../server/engine/runtime/runtime.ts';
import { expectClose } from './expectClose.ts';
import type { OperationCase } from './operationCases.ts';
import { tolerances, type Tolerance } from './tolerances.ts';

export async function checkOperation(runtime: Runtime, operation: OperationCase, tolerance: Tolerance = tolerances.operationF32): Promise<void> {
  await checkGraph(runtime, operation, operation, tolerance);
  if (operation.backward !== undefined) await checkGraph(runtime, operation, operation.backward, tolerance);
}

async function checkGraph(runtime: Runtime, { weights }: OperationCase, { graph, feeds }: { graph: Graph; feeds: Tensors }, tolerance: Tolerance): Promise<void> {
  const constants: Record<string, ReferenceTensor> = Object.fromEntries(weights.tensors);
  const expected = evaluate(graph, { ...constants, ...feeds }, 'f32');
  const executable = await runtime.compile(graph, weights, { purpose: 'training' });
  try {
    const actual = await executable.run(feeds);
    for (const [name, tensor] of Object.entries(expected)) expectClose(actual[name]?.data ?? [], tensor.data, tolerance, `${graph.name}.${name}`);
  } finally {
    await executable.dispose();
  }
}
