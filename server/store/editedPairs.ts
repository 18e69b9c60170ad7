// Answers that the user wrote anew, by the id of the pair that they were written for: whenever that pair is made again, retraining included, it is
// taught with the user's answer. A pair that has the user's answer may be edited in its turn. Like struck pairs these hold for the whole repository.
import { z } from 'zod';
import { isMissing, whileWriting, writing, type StoreAccess } from './storeAccess.ts';

const editedSchema = z.object({ format: z.literal(1), answers: z.record(z.string(), z.string()) });

export async function readEdited(access: StoreAccess): Promise<ReadonlyMap<string, string>> {
  try {
    return new Map(Object.entries(editedSchema.parse(JSON.parse(await access.files.readText(access.layout.edited))).answers));
  } catch (error) {
    if (isMissing(error)) return new Map();
    throw error;
  }
}

export interface PairEdit {
  readonly pair: string;
  readonly answer: string;
  /** Id of the pair with that answer. */
  readonly becomes: string;
}

/** What an edit leads to is final: an older edit that began there, as when the user goes back to an earlier wording, is forgotten. */
export async function editPairs(access: StoreAccess, edits: readonly PairEdit[]): Promise<void> {
  await whileWriting(access, async () => {
    const answers = new Map(await readEdited(access));
    for (const { pair, answer, becomes } of edits) {
      if (becomes === pair) continue;
      answers.set(pair, answer);
      answers.delete(becomes);
    }
    await writing('the edited pairs', () => access.files.replace(access.layout.edited, `${JSON.stringify({ format: 1, answers: Object.fromEntries(answers) })}\n`));
  });
}
