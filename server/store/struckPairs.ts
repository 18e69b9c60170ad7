// Pairs that the user struck out, by id, for the whole repository: no later cycle trains them, replay included.
import { z } from 'zod';
import { isMissing, whileWriting, writing, type StoreAccess } from './storeAccess.ts';

const struckSchema = z.object({ format: z.literal(1), pairs: z.array(z.string()) });

export async function readStruck(access: StoreAccess): Promise<ReadonlySet<string>> {
  try {
    return new Set(struckSchema.parse(JSON.parse(await access.files.readText(access.layout.struck))).pairs);
  } catch (error) {
    if (isMissing(error)) return new Set();
    throw error;
  }
}

/** Strikes or restores pairs. */
export async function strikePairs(access: StoreAccess, options: { readonly strike?: readonly string[]; readonly restore?: readonly string[] }): Promise<void> {
  await whileWriting(access, async () => {
    const pairs = new Set(await readStruck(access));
    for (const id of options.strike ?? []) pairs.add(id);
    for (const id of options.restore ?? []) pairs.delete(id);
    await writing('the struck pairs', () => access.files.replace(access.layout.struck, `${JSON.stringify({ format: 1, pairs: [...pairs].sort() })}\n`));
  });
}
