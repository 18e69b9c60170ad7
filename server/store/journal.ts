// The journal: one line per cycle, with outcome and cost. It is derived: nothing reads it to decide anything, a torn last
// line (a crash while appending) is skipped, and failing to append never fails the move that it tells of.
import { z } from 'zod';
import { isMissing, type StoreAccess } from './storeAccess.ts';

export interface JournalLine {
  readonly atMs: number;
  readonly branch: string;
  readonly kind: string;
  readonly version: string | null;
  readonly commits: readonly string[];
  readonly reason?: string;
  readonly seconds?: Readonly<Record<string, number>>;
  readonly placebo?: { readonly tried: boolean; readonly promoted: boolean };
}

const journalLineSchema: z.ZodType<JournalLine> = z.looseObject({
  atMs: z.number(),
  branch: z.string(),
  kind: z.string(),
  version: z.string().nullable(),
  commits: z.array(z.string()),
  reason: z.string().optional(),
  seconds: z.record(z.string(), z.number()).optional(),
  placebo: z.object({ tried: z.boolean(), promoted: z.boolean() }).optional(),
}) as unknown as z.ZodType<JournalLine>;

export async function appendJournal(access: StoreAccess, line: JournalLine): Promise<void> {
  try {
    const text = await access.files.readText(access.layout.journal).catch((error: unknown) => {
      if (isMissing(error)) return '';
      throw error;
    });
    const torn = text !== '' && !text.endsWith('\n');
    await access.files.append(access.layout.journal, `${torn ? '\n' : ''}${JSON.stringify(line)}\n`);
  } catch {
    // The move is already committed; the journal only tells of it.
  }
}

export async function readJournal(access: StoreAccess): Promise<JournalLine[]> {
  let text: string;
  try {
    text = await access.files.readText(access.layout.journal);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  return text.split('\n').flatMap((line) => {
    try {
      const parsed = journalLineSchema.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}
