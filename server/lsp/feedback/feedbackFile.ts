// What became of suggestions, one line of JSON per event in the repository's own state folder: nothing of it leaves the machine, the user can
// read it and erase it. Appended without the store's write lock, so a torn last line is tolerated.
import { isMissing, type StoreAccess } from '../../store/storeAccess.ts';

/** Beyond this the older half goes: feedback ages. */
const largestBytes = 4 * 1024 * 1024;

export class FeedbackFile {
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly store: StoreAccess) {}

  /** In order; a disk that refuses is no reason to disturb who types. */
  append(record: object): void {
    this.last = this.last.then(() => this.write(`${JSON.stringify(record)}\n`)).catch(() => undefined);
  }

  async read(): Promise<string> {
    await this.last;
    try {
      return await this.store.files.readText(this.store.layout.feedback);
    } catch (error) {
      if (isMissing(error)) return '';
      throw error;
    }
  }

  /** In its turn too: what was appended before is gone, what comes after stands. */
  erase(): Promise<void> {
    const erased = this.last.then(() => this.store.files.remove(this.store.layout.feedback));
    this.last = erased.catch(() => undefined);
    return erased;
  }

  private async write(line: string): Promise<void> {
    const { files, layout } = this.store;
    const stat = await files.stat(layout.feedback);
    if (stat === undefined) await files.makeFolder(layout.root);
    if ((stat?.sizeBytes ?? 0) > largestBytes) {
      const lines = (await files.readText(layout.feedback)).split('\n');
      await files.replace(layout.feedback, lines.slice(lines.length >> 1).join('\n'));
    }
    await files.append(layout.feedback, line);
  }
}
