// The table of operations over onnxruntime's WebGPU provider: every lowering gives what the reference gives, forward and backward.
import { describe, it } from 'vitest';
import { onnxruntimeRuntime } from '../../server/engine/runtime/onnxruntime/onnxruntimeRuntime.ts';
import { checkOperation } from '../support/checkOperations.ts';
import { operationCases } from '../support/operationCases.ts';

const runtime = onnxruntimeRuntime({ threads: 1, device: 'webgpu' });

describe('WebGPU agrees with the reference', () => {
  for (const operation of operationCases) it(operation.title, () => checkOperation(runtime, operation));
});
