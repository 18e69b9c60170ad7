// Next-commit items: what a developer types next, asked of a model that has seen only what came before. An item is a line that the
// commit adds and whose text stands nowhere in the parent tree; the prompt holds the parent's file and the typed start of the line,
// never another line of the commit.
import type { FimPrompt } from '../base/prompt.ts';
import type { FileVersions } from '../base/fileVersions.ts';
import { folded } from '../base/folded.ts';
import { Random } from '../base/random.ts';
import { fimPrompt, type PromptTools } from '../syntax/promptContext.ts';
import { addedLines, asTyped, isNewLine, knownLines } from '../syntax/typedLine.ts';

export interface NextCommitItem {
  /** `commit:path:line`. */
  readonly id: string;
  readonly commit: string;
  readonly path: string;
  readonly prompt: FimPrompt;
  /** The rest of the line. */
  readonly answer: string;
}

export interface NextCommitRequest {
  readonly repository: string;
  readonly commit: string;
  readonly versions: readonly FileVersions[];
  /** Every text file of the parent tree, by path. */
  readonly parentFiles: ReadonlyMap<string, string>;
  /** Whether the language of a file is known. */
  readonly supports: (path: string) => boolean;
  readonly seed: number;
  /** A seeded sample of at most so many. */
  readonly limit: number;
}

export function nextCommitItems(request: NextCommitRequest, tools: PromptTools): NextCommitItem[] {
  const known = knownLines(request.parentFiles.values());
  const random = new Random(`${request.seed}:${request.commit}`);
  const items: NextCommitItem[] = [];
  for (const { path, before: old, after } of request.versions) {
    if (after === null || !request.supports(path)) continue;
    const before = old ?? '';
    for (const added of addedLines(before, after)) {
      if (!isNewLine(added.text, known)) continue;
      known.add(folded(added.text));
      const typed = asTyped(before, added, random);
      if (typed === null) continue;
      const { text, masked, answer } = typed;
      const prompt = fimPrompt({ repository: request.repository, path, text, masked, textOf: (other) => request.parentFiles.get(other) }, tools);
      items.push({ id: `${request.commit}:${path}:${added.line}`, commit: request.commit, path, prompt, answer });
    }
  }
  return random.shuffled(items).slice(0, request.limit);
}
