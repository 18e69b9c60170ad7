// Next-commit items: what a developer types next, asked of a model that has seen only what came before. An item is a line that the
// commit adds and whose text stands nowhere in the parent tree; the prompt holds the parent's file and the typed start of the line,
// never another line of the commit.
import { structuredPatch } from 'diff';
import type { FimPrompt } from '../base/prompt.ts';
import type { FileVersions } from '../base/fileVersions.ts';
import { Random } from '../base/random.ts';
import { fimPrompt, type PromptTools } from '../syntax/promptContext.ts';

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

/** Shorter answers are closing brackets and the like. */
const shortestAnswer = 4;

export function nextCommitItems(request: NextCommitRequest, tools: PromptTools): NextCommitItem[] {
  const known = new Set<string>();
  for (const text of request.parentFiles.values()) for (const line of text.split('\n')) known.add(normalised(line));
  const random = new Random(`${request.seed}:${request.commit}`);
  const items: NextCommitItem[] = [];
  for (const version of request.versions) {
    if (version.after === null || !request.supports(version.path)) continue;
    const before = version.before ?? '';
    for (const added of addedLines(before, version.after)) {
      const text = normalised(added.text);
      if (known.has(text) || !/[A-Za-z_]\w{2,}/.test(text)) continue;
      known.add(text);
      const cut = cutOf(added.text, random);
      if (cut === null) continue;
      const typed = before.slice(0, added.offset) + added.text.slice(0, cut);
      const prompt = fimPrompt(
        {
          repository: request.repository,
          path: version.path,
          text: `${typed}\n${before.slice(added.offset)}`,
          masked: { start: typed.length, end: typed.length },
          textOf: (path) => request.parentFiles.get(path),
        },
        tools,
      );
      items.push({
        id: `${request.commit}:${version.path}:${added.line}`,
        commit: request.commit,
        path: version.path,
        prompt,
        answer: added.text.slice(cut),
      });
    }
  }
  return random.shuffled(items).slice(0, request.limit);
}

interface AddedLine {
  readonly text: string;
  /** Zero-based, in the file after the commit. */
  readonly line: number;
  /** Where in the file before the commit the line goes in (start of a line). */
  readonly offset: number;
}

function addedLines(before: string, after: string): AddedLine[] {
  const starts = lineStarts(before);
  const found: AddedLine[] = [];
  for (const hunk of structuredPatch('a', 'b', before, after, '', '', { context: 0 }).hunks) {
    let line = hunk.newStart - 1;
    for (const entry of hunk.lines) {
      if (!entry.startsWith('+')) continue;
      found.push({ text: entry.slice(1).replace(/\r$/, ''), line, offset: starts[hunk.oldStart - 1] ?? before.length });
      line++;
    }
  }
  return found;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

/**
 * Where a developer would wait for help: after punctuation 10, at the end of an identifier 8, inside a word 1 (facts on replay
 * evaluation of completion engines). Null where no cut leaves an answer worth asking for.
 */
function cutOf(line: string, random: Random): number | null {
  const indent = line.length - line.trimStart().length;
  const end = line.trimEnd().length;
  const weights: { readonly cut: number; readonly weight: number }[] = [];
  for (let cut = indent + 1; cut <= end - shortestAnswer; cut++) {
    const left = line[cut - 1] ?? '';
    const right = line[cut] ?? '';
    const weight = /[([{.,=<:!&|+'"`]/.test(left) ? 10 : /\w/.test(left) && !/\w/.test(right) ? 8 : /\w/.test(left) ? 1 : 0;
    if (weight > 0) weights.push({ cut, weight });
  }
  let point = random.next() * weights.reduce((sum, { weight }) => sum + weight, 0);
  for (const { cut, weight } of weights) {
    point -= weight;
    if (point < 0) return cut;
  }
  return null;
}

function normalised(line: string): string {
  return line.trim().replace(/\s+/g, ' ');
}
