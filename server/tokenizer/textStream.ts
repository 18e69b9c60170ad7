// Streamed ids to text: bytes of an unfinished character, and the beginning of what may become a stop string, are held back.
import type { TextStream } from './tokenizer.ts';

export function createTextStream(bytesOf: (id: number) => Uint8Array, stop: readonly string[]): TextStream {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let held = '';
  let stopped = false;
  return {
    push(id) {
      if (stopped) return { text: '', stopped };
      held += decoder.decode(bytesOf(id), { stream: true });
      const end = firstStop(held, stop);
      stopped = end !== undefined;
      const safe = end ?? held.length - heldBack(held, stop);
      const text = held.slice(0, safe);
      held = held.slice(safe);
      return { text, stopped };
    },
    end() {
      if (stopped) return '';
      stopped = true;
      const rest = held + decoder.decode();
      return rest.slice(0, firstStop(rest, stop) ?? rest.length);
    },
  };
}

function firstStop(text: string, stop: readonly string[]): number | undefined {
  let first: number | undefined;
  for (const one of stop) {
    const at = text.indexOf(one);
    if (at >= 0 && (first === undefined || at < first)) first = at;
  }
  return first;
}

/** Length of the longest end of `text` that begins a stop string. */
function heldBack(text: string, stop: readonly string[]): number {
  let longest = 0;
  for (const one of stop) {
    for (let length = Math.min(one.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(one.slice(0, length))) longest = length;
    }
  }
  return longest;
}
