// Moves what cannot be trusted out of the way, with a note that says why. Nothing is deleted: somebody may want to look.
import { writing, type StoreAccess } from './storeAccess.ts';

/** Returns where it went. `name` must be fit for a file name. */
export async function setAside(access: StoreAccess, path: string, name: string, note: string): Promise<string> {
  const { files, layout } = access;
  const to = `${layout.aside}/${name}-${access.clock.nowMs()}`;
  await writing(name, async () => {
    await files.makeFolder(layout.aside);
    await files.write(`${to}.txt`, `${note}\n`);
    if ((await files.stat(path)) !== undefined) await files.rename(path, to);
    await files.syncFolder(layout.aside);
  });
  return to;
}
