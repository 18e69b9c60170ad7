// Watching over fs.watch. Node 20 watches recursively on Linux by watching each folder itself, so only small trees are worth it.
import { watch } from 'node:fs';
import type { FolderWatcher } from '../base/folderWatcher.ts';

export const nodeFolderWatcher: FolderWatcher = {
  watch({ folder, recursive, onChange, onError }) {
    try {
      const watching = watch(folder, { recursive, persistent: false }, (_event, path) => onChange(path));
      watching.on('error', onError);
      return { dispose: () => watching.close() };
    } catch (error) {
      onError(error);
      return { dispose: () => undefined };
    }
  },
};
