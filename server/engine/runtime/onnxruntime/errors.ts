// Failures of onnxruntime: not ours to mend, but the user must learn what to do.
import { OperatingError } from '../../../base/operatingError.ts';

export class OnnxruntimeError extends OperatingError {
  override readonly name = 'OnnxruntimeError';

  constructor(code: 'onnxruntime.loadFailed' | 'onnxruntime.runFailed', message: string, cause?: unknown) {
    super({ code, message: cause instanceof Error ? `${message} (${cause.message})` : message, ...(cause !== undefined && { cause }) });
  }
}
