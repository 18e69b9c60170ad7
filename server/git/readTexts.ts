// The text files of a commit that somebody wants to read, by path; binaries and what is too large are not among them.
import type { Repository } from './repository.ts';

export async function readTexts(repository: Repository, commit: string, wanted: (path: string) => boolean): Promise<ReadonlyMap<string, string>> {
  const paths = (await repository.readTree(commit)).map((entry) => entry.path).filter(wanted);
  const contents = await repository.readFiles(commit, paths);
  return new Map([...contents].flatMap(([path, content]) => (content.kind === 'text' ? [[path, content.text] as const] : [])));
}
