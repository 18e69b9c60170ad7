// Parsers, queries and the trees last parsed, which live in WebAssembly memory and must be freed by hand.
// Invariant: no node leaves this folder, so a tree that drops out of the cache is never touched again.
import { Language, Parser, Query } from 'web-tree-sitter';
import type { Node, QueryCapture, QueryMatch, Tree } from 'web-tree-sitter';
import { present } from '../base/assert.ts';
import { grammarOf } from './languages.ts';
import type { Grammar } from './languages.ts';

export const queryNames = ['declarations', 'references', 'imports', 'maskable'] as const;
export type QueryName = (typeof queryNames)[number];

export interface GrammarSource {
  readonly wasm: Uint8Array;
  readonly queries: Readonly<Record<QueryName, string>>;
}

/** A parsed file. Valid until the next call of `parse`. */
export interface Parsed {
  readonly path: string;
  readonly text: string;
  readonly root: Node;
  readonly grammar: Grammar;
  /** Below `node`, or in the whole file; empty when the query had to be stopped. */
  matches(query: QueryName, node?: Node): QueryMatch[];
  captures(query: QueryName, node?: Node): QueryCapture[];
}

interface Loaded {
  readonly parser: Parser;
  readonly queries: Readonly<Record<QueryName, Query>>;
}

const cachedTrees = 8;
/**
 * Brackets open at once. Queries over a run of unclosed brackets take quadratic time (100,000 of them: minutes), and no code
 * nests like that. Such a text is read as an empty file.
 */
const bracketLimit = 5_000;
/** What other texts can still cost (a sum of 200,000 terms on one line: minutes). Ordinary files take a hundredth of it. */
const deadlineMs = 3_000;

export class Parsers {
  private readonly cache: { readonly grammar: Grammar; readonly text: string; readonly tree: Tree }[] = [];

  private constructor(private readonly loaded: ReadonlyMap<Grammar, Loaded>) {}

  /** `runtimeWasm` is the path of web-tree-sitter.wasm: its loader reads the file itself. */
  static async load(runtimeWasm: string, sources: ReadonlyMap<Grammar, GrammarSource>): Promise<Parsers> {
    await Parser.init({ locateFile: () => runtimeWasm });
    const loaded = new Map<Grammar, Loaded>();
    for (const [grammar, source] of sources) {
      const language = await Language.load(source.wasm);
      const parser = new Parser();
      parser.setLanguage(language);
      const query = (name: QueryName) => new Query(language, source.queries[name]);
      loaded.set(grammar, {
        parser,
        queries: {
          declarations: query('declarations'),
          references: query('references'),
          imports: query('imports'),
          maskable: query('maskable'),
        },
      });
    }
    return new Parsers(loaded);
  }

  supports(path: string): boolean {
    const grammar = grammarOf(path);
    return grammar !== null && this.loaded.has(grammar);
  }

  /** Null for languages without a grammar. Broken code gives a tree with error nodes. */
  parse(path: string, text: string): Parsed | null {
    const grammar = grammarOf(path);
    const loaded = grammar === null ? undefined : this.loaded.get(grammar);
    if (grammar === null || loaded === undefined) return null;
    const root = this.tree(grammar, loaded.parser, text).rootNode;
    return {
      path,
      text,
      grammar,
      root,
      matches: (query, node = root) => whole((options) => loaded.queries[query].matches(node, options)) ?? [],
      captures: (query, node = root) => whole((options) => loaded.queries[query].captures(node, options)) ?? [],
    };
  }

  dispose(): void {
    for (const { tree } of this.cache.splice(0)) tree.delete();
    for (const { parser, queries } of this.loaded.values()) {
      parser.delete();
      for (const name of queryNames) queries[name].delete();
    }
  }

  private tree(grammar: Grammar, parser: Parser, text: string): Tree {
    const index = this.cache.findIndex((entry) => entry.grammar === grammar && entry.text === text);
    const entry =
      index >= 0
        ? present(this.cache.splice(index, 1)[0])
        : { grammar, text, tree: parsed(parser, nestsTooDeep(text) ? '' : text) };
    this.cache.unshift(entry);
    for (const dropped of this.cache.splice(cachedTrees)) dropped.tree.delete();
    return entry.tree;
  }
}

/** A text that takes too long is read as an empty file. */
function parsed(parser: Parser, text: string): Tree {
  const tree = whole((options) => parser.parse(text, null, options)) ?? null;
  if (tree !== null) return tree;
  parser.reset();
  return present(parser.parse(''), 'syntax tree');
}

/** What `work` returns, unless it ran into the deadline: half an answer would depend on the machine's mood. */
function whole<T>(work: (options: { progressCallback: () => boolean }) => T): T | undefined {
  const startMs = performance.now();
  let stopped = false;
  const result = work({
    progressCallback: () => {
      stopped = performance.now() - startMs > deadlineMs;
      return stopped;
    },
  });
  return stopped ? undefined : result;
}

function nestsTooDeep(text: string): boolean {
  if (text.length <= bracketLimit) return false;
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // ( [ { and their counterparts, which follow them by one or two in ASCII.
    if (code === 0x28 || code === 0x5b || code === 0x7b) open++;
    else if (code === 0x29 || code === 0x5d || code === 0x7d) open = Math.max(0, open - 1);
    if (open > bracketLimit) return true;
  }
  return false;
}
