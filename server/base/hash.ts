// Content hashes. SHA-256 everywhere: identity of models, versions, held-out declarations.
import { createHash } from 'node:crypto';

/** Lower-case hexadecimal SHA-256. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** The same, in slices that let other work in between: hashing hundreds of megabytes at once would hold up a keystroke. */
export async function sha256InSlices(data: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < data.length; at += sliceBytes) {
    hash.update(data.subarray(at, at + sliceBytes));
    if (at + sliceBytes < data.length) await nextTurn();
  }
  return hash.digest('hex');
}

/** About two milliseconds' worth. */
const sliceBytes = 1024 * 1024;

/** A turn of the event loop. Every runtime that has messages has this; a timer would be an effect of the host's. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.once('message', () => {
      port1.close();
      resolve();
    });
    port2.postMessage(null);
  });
}
