// Whether the user paused learning in this repository: a file that is there or not, so that no restart resumes what nobody resumed. Whoever
// learns on request (the command line) is not held back by it.
import { whileWriting, writing, type StoreAccess } from './storeAccess.ts';

export async function readPaused({ files, layout }: StoreAccess): Promise<boolean> {
  return (await files.stat(layout.paused)) !== undefined;
}

export async function writePaused(access: StoreAccess, paused: boolean): Promise<void> {
  const { files, layout, clock } = access;
  await whileWriting(access, () =>
    writing('the pause', () => (paused ? files.replace(layout.paused, `${JSON.stringify({ format: 1, sinceMs: clock.nowMs() })}\n`) : files.remove(layout.paused))),
  );
}
