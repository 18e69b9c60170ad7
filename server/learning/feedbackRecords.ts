// What became of suggestions, as learning reads it from the repository's feedback file: texts that stood the test of minutes, and lines that were
// typed over a suggestion of low confidence. Acceptance alone says nothing here: a text that was taken and then deleted was no help.
import { z } from 'zod';
import { isMissing, type StoreAccess } from '../store/storeAccess.ts';

export interface KeptText {
  readonly path: string;
  readonly text: string;
  readonly atMs: number;
}

export interface TypedOver {
  readonly path: string;
  /** The line as it stood ten seconds later. */
  readonly written: string;
  readonly atMs: number;
}

export interface Feedback {
  /** Newest first, each text of a file once. */
  readonly kept: readonly KeptText[];
  readonly typedOver: readonly TypedOver[];
}

/** An accepted text that stands after so long was meant. */
const keptAfterSeconds = 120;

const recordSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('kept'), afterSeconds: z.number() }),
  z.object({ kind: z.literal('changed') }),
  z.object({ kind: z.literal('surprise') }),
]);
const lineSchema = z.object({ atMs: z.number(), path: z.string(), event: recordSchema, text: z.string().optional(), written: z.string().optional() });

export async function readFeedback(store: StoreAccess): Promise<Feedback> {
  try {
    return feedbackOf(await store.files.readText(store.layout.feedback));
  } catch (error) {
    if (isMissing(error)) return { kept: [], typedOver: [] };
    throw error;
  }
}

/** Lines that cannot be read are passed over: the last one may be torn. */
export function feedbackOf(text: string): Feedback {
  const kept = new Map<string, KeptText>();
  const typedOver = new Map<string, TypedOver>();
  for (const line of text.split('\n')) {
    const record = lineSchema.safeParse(parsed(line)).data;
    if (record === undefined) continue;
    const { event, path, atMs } = record;
    const name = `${path}\0${(record.text ?? record.written ?? '').trim()}`;
    // Said again it counts as new.
    kept.delete(name);
    if (event.kind === 'kept' && event.afterSeconds >= keptAfterSeconds && record.text !== undefined) kept.set(name, { path, text: record.text, atMs });
    if (event.kind === 'surprise' && record.written !== undefined) {
      typedOver.delete(name);
      typedOver.set(name, { path, written: record.written, atMs });
    }
  }
  return { kept: [...kept.values()].reverse(), typedOver: [...typedOver.values()].reverse() };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
