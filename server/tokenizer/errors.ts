// What can be wrong with a tokenizer or its pairing with a model.
import { OperatingError, type OperatingErrorOptions } from '../base/operatingError.ts';

export type TokenizerErrorCode =
  | 'tokenizerUnreadable'
  | 'tokenizerNotByteLevel'
  | 'tokenizerTooLarge'
  | 'tokenizerTooSmall'
  | 'modelFamilyUnsupported';

export class TokenizerError extends OperatingError {
  override readonly name = 'TokenizerError';
  constructor(options: OperatingErrorOptions & { readonly code: TokenizerErrorCode }) {
    super(options);
  }
}
