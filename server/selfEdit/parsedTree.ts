// A tree of files with what the parser says of each: sites, callers, grounds and prompts all look things up here.
import type { TextRange } from '../base/textRange.ts';
import type { Declaration, Reference } from '../syntax/declaration.ts';
import type { PromptTools } from '../syntax/promptContext.ts';
import type { Syntax } from '../syntax/syntax.ts';
import type { CommitMaterial } from './commitMaterial.ts';
import { hiddenRanges } from './keptOut.ts';

export interface SelfEditTools extends PromptTools {
  readonly syntax: Syntax;
}

export interface ParsedTree {
  readonly paths: readonly string[];
  /** Counts through these are remembered per line. */
  readonly tools: SelfEditTools;
  textOf(path: string): string | undefined;
  declarations(path: string): readonly Declaration[];
  /** What no pair may show of this file. */
  hidden(path: string): readonly TextRange[];
  /** Uses of a name in all files, in order of path; those that may not be shown are left out. */
  uses(name: string): readonly Reference[];
}

export function parsedTree({ files, keptOut }: Pick<CommitMaterial, 'files' | 'keptOut'>, tools: SelfEditTools): ParsedTree {
  const { syntax } = tools;
  const paths = [...files.keys()].filter((path) => syntax.supports(path)).sort();
  const textOf = (path: string): string | undefined => files.get(path);
  const declarations = (path: string): readonly Declaration[] => syntax.declarations(path, textOf(path) ?? '');
  const hidden = remembered((path: string) => hiddenRanges(path, textOf(path) ?? '', declarations(path), keptOut));
  const uses = remembered((name: string) =>
    paths.flatMap((path) => syntax.references(path, textOf(path) ?? '', name).filter(({ range }) => !hidden(path).some((kept) => kept.start < range.end && range.start < kept.end))),
  );
  return { paths, tools: { ...tools, countTokens: remembered(tools.countTokens) }, textOf, declarations, hidden, uses };
}

function remembered<Value>(compute: (key: string) => Value): (key: string) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key) as Value;
  };
}
