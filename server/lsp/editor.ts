// What the server tells the editor, apart from answers.
import type { Status, Tell } from '../protocol/assistant.ts';

export interface Editor {
  status(status: Status): void;
  tell(tell: Tell): void;
  storeChanged(folder: string): void;
  /** A line for the log, which the user reads when something is odd. */
  log(line: string): void;
}
