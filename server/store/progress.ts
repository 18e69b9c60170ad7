// Where long work stands (bulk learning, sleep, ReST-EM), so that it goes on after a restart. One small JSON file per task.
import type { z } from 'zod';
import { isMissing, whileWriting, writing, type StoreAccess } from './storeAccess.ts';

export type Task = 'bulk' | 'sleep' | 'policy';

/** Undefined where there is none, or one that cannot be understood: then the task starts over. */
export async function readProgress<T>(access: StoreAccess, task: Task, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    const parsed = schema.safeParse(JSON.parse(await access.files.readText(progressFile(access, task))));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export async function writeProgress(access: StoreAccess, task: Task, value: unknown): Promise<void> {
  await whileWriting(access, () =>
    writing('progress', async () => {
      await access.files.makeFolder(access.layout.progress);
      await access.files.replace(progressFile(access, task), `${JSON.stringify(value)}\n`);
    }),
  );
}

export async function clearProgress(access: StoreAccess, task: Task): Promise<void> {
  await whileWriting(access, () => writing('progress', () => access.files.remove(progressFile(access, task))));
}

function progressFile(access: StoreAccess, task: Task): string {
  return `${access.layout.progress}/${task}.json`;
}
