// Commits from `git log -z`: seven fields per commit, each ended by NUL.
import { present } from '../base/assert.ts';
import type { Commit } from './commit.ts';

/** With `-z` the record ends in NUL too, so the last field carries none of its own. */
export const logFormat = ['%H', '%P', '%T', '%an', '%ae', '%at', '%s'].join('%x00');

const fieldsPerCommit = 7;

export function parseLog(output: Uint8Array): Commit[] {
  const fields = new TextDecoder().decode(output).split('\0');
  const commits: Commit[] = [];
  for (let at = 0; at + fieldsPerCommit <= fields.length; at += fieldsPerCommit) {
    const field = (index: number): string => present(fields[at + index]);
    commits.push({
      id: field(0),
      parents: field(1).split(' ').filter((id) => id !== ''),
      tree: field(2),
      authorName: field(3),
      authorEmail: field(4),
      timeSeconds: Number(field(5)),
      subject: field(6),
    });
  }
  return commits;
}
