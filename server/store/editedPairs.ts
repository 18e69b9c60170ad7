// Answers that the user wrote anew, by the id of the pair as it was made from its commits: whenever that pair is made again, retraining
// included, it is taught with the user's answer. Like struck pairs these hold for the whole repository.
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

export async function editPairs(access: StoreAccess, edits: readonly { readonly pair: string; readonly answer: string }[]): Promise<void> {
  await whileWriting(access, async () => {
    const answers = new Map(await readEdited(access));
    for (const { pair, answer } of edits) answers.set(pair, answer);
    await writing('the edited pairs', () => access.files.replace(access.layout.edited, `${JSON.stringify({ format: 1, answers: Object.fromEntries(answers) })}\n`));
  });
}
