// Parsers, queries and the trees last parsed, which live in WebAssembly memory and must be freed by hand.
// Invariant: no node leaves this folder, so a tree that drops out of the cache is never touched again.
import { Language, Parser, Query } from 'web-tree-sitter';
import type { Node, Tree } from 'web-tree-sitter';
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
  readonly queries: Readonly<Record<QueryName, Query>>;
}

interface Loaded {
  readonly parser: Parser;
  readonly queries: Readonly<Record<QueryName, Query>>;
}

const cachedTrees = 8;

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
    return { path, text, grammar, root: this.tree(grammar, loaded.parser, text).rootNode, queries: loaded.queries };
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
        : { grammar, text, tree: present(parser.parse(text), 'syntax tree') };
    this.cache.unshift(entry);
    for (const dropped of this.cache.splice(cachedTrees)) dropped.tree.delete();
    return entry.tree;
  }
}
