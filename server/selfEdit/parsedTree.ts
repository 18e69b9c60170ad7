// A tree of files with what the parser says of each, asked once per file: sites, callers, grounds and prompts all look things up here.
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
  /** Counts and prompts through these are remembered per line and per file. */
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
  const declarations = remembered((path: string) => syntax.declarations(path, textOf(path) ?? ''));
  const imports = remembered((path: string) => syntax.imports(path, textOf(path) ?? ''));
  const hidden = remembered((path: string) => hiddenRanges(path, textOf(path) ?? '', declarations(path), keptOut));
  const uses = remembered((name: string) =>
    paths
      .filter((path) => textOf(path)?.includes(name))
      .flatMap((path) => syntax.references(path, textOf(path) ?? '', name).filter(({ range }) => !hidden(path).some((kept) => kept.start < range.end && range.start < kept.end))),
  );
  // Prompts ask for the imports of one file and the declarations of its neighbours again for every pair; only texts of this tree are remembered.
  const rememberingSyntax: Syntax = {
    supports: (path) => syntax.supports(path),
    declarations: (path, text) => (text === textOf(path) ? [...declarations(path)] : syntax.declarations(path, text)),
    imports: (path, text) => (text === textOf(path) ? [...imports(path)] : syntax.imports(path, text)),
    enclosing: (path, text, offset) => syntax.enclosing(path, text, offset),
    changes: (versions) => syntax.changes(versions),
    references: (path, text, name) => syntax.references(path, text, name),
    callers: (name, sources) => syntax.callers(name, sources),
    importGraph: (sources) => syntax.importGraph(sources),
    maskable: (path, text, declaration) => syntax.maskable(path, text, declaration),
    errors: (path, text) => syntax.errors(path, text),
    comments: (path, text) => syntax.comments(path, text),
    dispose: () => syntax.dispose(),
  };
  return { paths, tools: { ...tools, syntax: rememberingSyntax, countTokens: remembered(tools.countTokens) }, textOf, declarations, hidden, uses };
}

function remembered<Value>(compute: (key: string) => Value): (key: string) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key) as Value;
  };
}
