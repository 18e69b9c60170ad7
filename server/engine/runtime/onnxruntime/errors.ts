// Failures of onnxruntime: not ours to mend, but the user must learn what to do.
import { OperatingError } from '../../../base/operatingError.ts';

export class OnnxruntimeError extends OperatingError {
  override readonly name = 'OnnxruntimeError';

  constructor(code: 'onnxruntime.noDevice' | 'onnxruntime.loadFailed' | 'onnxruntime.runFailed', message: string, cause?: unknown) {
    // Of a missing device onnxruntime says where in its own sources that was found out, which helps nobody who reads a status bar.
    const says = cause instanceof Error && code !== 'onnxruntime.noDevice' ? ` (${cause.message})` : '';
    super({ code, message: `${message}${says}`, ...(cause !== undefined && { cause }) });
  }
}
