// Reads files.jsonl, the corpus as fetchCorpus.ts left it.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SourceFile } from './corpus.ts';

export async function readSources(work: string): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for await (const line of createInterface({ input: createReadStream(join(work, 'files.jsonl')) })) files.push(JSON.parse(line) as SourceFile);
  return files;
}

/** The {repo} of the templates: the package's name without its scope. */
export function repositoryOf(packageName: string): string {
  return packageName.replace(/^@[^/]+\//, '');
}
