// Probes of one commit: expected values in tests, the arguments of calls, and later lines. Taken from held-out declarations and from the
// files around the commit, never from what a pair shows; each is masked exactly as a completion would be asked for.
import { sha256 } from '../base/hash.ts';
import type { Random } from '../base/random.ts';
import type { TextRange } from '../base/textRange.ts';
import type { Change, FileVersions, Reference } from '../syntax/declaration.ts';
import { isHeldOut } from '../syntax/heldOut.ts';
import { normalisedCode } from '../syntax/normalisedCode.ts';
import type { Syntax } from '../syntax/syntax.ts';
import { callArguments } from './callText.ts';
import type { Probe, Unassigned } from './probe.ts';
import { placesIn } from './probePlaces.ts';
import type { InPair, PromptAt, SourceTree } from './sourceTree.ts';

export interface ProbeRequest {
  readonly tree: SourceTree;
  readonly changes: readonly Change[];
  /** The changed files, both sides. */
  readonly versions: readonly FileVersions[];
  readonly testFiles: readonly string[];
  readonly inPair: InPair;
  readonly promptAt: PromptAt;
  readonly random: Random;
  /** Probes in all, shared out evenly over kinds and files. */
  readonly budget: number;
}

/** With its offset in the file, by which it is given a half. */
export type PlacedProbe = Unassigned<Probe> & { readonly at: number };

interface Found {
  readonly kind: Probe['kind'];
  readonly path: string;
  readonly range: TextRange;
}

/** Answers outside these lengths (characters) are left out: one token says little, and a page would drown the rest. */
const answerLength = { least: 3, most: 120 };

export function findProbes(request: ProbeRequest, syntax: Syntax): PlacedProbe[] {
  const { tree, random, budget } = request;
  const uses = usesOfChanged(request, syntax);
  const found = [...assertions(request, syntax), ...callSites(request, uses), ...laterLines(request, syntax), ...usingLines(request, uses)];
  const probes: PlacedProbe[] = [];
  const answers = new Set<string>();
  const placeOf = placesIn((path) => tree.texts.get(path), syntax);
  for (const { kind, path, range } of takeTurns(random.shuffled(found))) {
    if (probes.length >= budget) break;
    const text = tree.texts.get(path) ?? '';
    const answer = text.slice(range.start, range.end);
    const normalised = normalisedCode(path, answer);
    // The same answer at two places of one file would count one piece of knowledge twice.
    const known = `${path}\0${kind}\0${normalised}`;
    if (answer.length < answerLength.least || answer.length > answerLength.most || answers.has(known)) continue;
    if (!/[A-Za-z_$]/.test(answer) && kind !== 'assertion') continue;
    if (request.inPair(normalised)) continue;
    answers.add(known);
    const example = { prompt: request.promptAt({ path, text, masked: range }), answer };
    const id = sha256(JSON.stringify([kind, path, example.prompt, answer])).slice(0, 16);
    probes.push({ id, kind, example, path, declaration: placeOf(path, range.start), commit: tree.commit, at: range.start });
  }
  return probes;
}

const equalities = /\bassert(?:\.strict)?\.(?:equal|strictEqual|deepEqual|deepStrictEqual|notEqual|match)\s*(\()|\.(?:toBe|toEqual|toStrictEqual|toMatchObject)\s*(\()/g;

/** The expected value: the second argument of an equality, the only one of a matcher. In tests the commit touched or that reach what it changed. */
function assertions({ tree, versions, testFiles, changes }: ProbeRequest, syntax: Syntax): Found[] {
  const graph = syntax.importGraph([...tree.texts].map(([path, text]) => ({ path, text })));
  const changed = new Set(changes.flatMap(({ after }) => after?.path ?? []));
  const near = testFiles.filter((path) => versions.some((version) => version.path === path) || graph.importsOf(path).some((imported) => changed.has(imported)));
  return near.flatMap((path) => {
    const text = tree.texts.get(path) ?? '';
    return [...text.matchAll(equalities)].flatMap((match): Found[] => {
      const call = callArguments(text, match.index + match[0].length - 1);
      const range = match[1] === undefined ? call?.arguments[0] : call?.arguments[1];
      return range === undefined ? [] : [{ kind: 'assertion', path, range }];
    });
  });
}

/** Mentions of what changed anywhere in the tree, outside the changed declarations themselves. */
function usesOfChanged({ tree, changes }: ProbeRequest, syntax: Syntax): Reference[] {
  const own = changes.flatMap(({ after }) => after ?? []);
  const isOwn = ({ path, range }: Reference): boolean => own.some((declaration) => declaration.path === path && declaration.range.start <= range.start && range.end <= declaration.range.end);
  const names = [...new Set(own.map(({ name }) => name))];
  return names.flatMap((name) => [...tree.texts].flatMap(([path, text]) => syntax.references(path, text, name).filter((reference) => !isOwn(reference))));
}

/** Everything between the brackets of a call. */
function callSites({ tree }: ProbeRequest, uses: readonly Reference[]): Found[] {
  return uses.flatMap(({ path, range, isCall }): Found[] => {
    if (!isCall) return [];
    const text = tree.texts.get(path) ?? '';
    const open = text.indexOf('(', range.end);
    const call = open < 0 ? null : callArguments(text, open);
    const first = call?.arguments[0];
    const last = call?.arguments.at(-1);
    return first === undefined || last === undefined ? [] : [{ kind: 'callSite', path, range: { start: first.start, end: last.end } }];
  });
}

/** Lines of sources: what the rest of the code makes of the commit. */
function usingLines({ tree, testFiles }: ProbeRequest, uses: readonly Reference[]): Found[] {
  return uses.flatMap(({ path, range }): Found[] => {
    if (testFiles.includes(path)) return [];
    const text = tree.texts.get(path) ?? '';
    const line = linesOf(text).find(({ start, end }) => start <= range.start && range.end <= end);
    return line === undefined || isBoilerplate(text.slice(line.start, line.end)) ? [] : [{ kind: 'laterLine', path, range: line }];
  });
}

/**
 * In the changed files: lines inside held-out declarations, lines of sources outside every changed declaration, and the lines that the
 * commit added to tests. What a pair shows after all is dropped by whoever makes pairs.
 */
function laterLines({ tree, versions, changes, testFiles }: ProbeRequest, syntax: Syntax): Found[] {
  return versions.flatMap(({ path, before }) => {
    const text = tree.texts.get(path);
    if (text === undefined || !syntax.supports(path)) return [];
    const heldOut = syntax.declarations(path, text).filter(isHeldOut);
    const changed = changes.flatMap(({ after }) => (after?.path === path ? after.range : []));
    const isTest = testFiles.includes(path);
    const old = new Set((before ?? '').split('\n').map((line) => line.trim()));
    return linesOf(text).flatMap((range): Found[] => {
      const line = text.slice(range.start, range.end);
      const inside = (other: TextRange) => other.start <= range.start && range.end <= other.end;
      const open = heldOut.some((declaration) => inside(declaration.body ?? declaration.range)) || (isTest ? !old.has(line) : !changed.some(inside));
      return open && !isBoilerplate(line) ? [{ kind: 'laterLine', path, range }] : [];
    });
  });
}

/** Without indentation. */
function linesOf(text: string): TextRange[] {
  const ranges: TextRange[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const indentation = line.length - line.trimStart().length;
    const end = start + line.trimEnd().length;
    if (end > start + indentation) ranges.push({ start: start + indentation, end });
    start += line.length + 1;
  }
  return ranges;
}

/** Comments, brackets and keywords that any model guesses. */
function isBoilerplate(line: string): boolean {
  return /^(?:\/\/|\/\*|\*|#)/.test(line) || !/[A-Za-z_$].*[A-Za-z_$]/.test(line) || /^(?:import\b|\} else|else\b|try\b|return;|break;|continue;)/.test(line);
}

/** One from each (kind, file) in turn, so that a budget does not leave out the small files. */
function takeTurns(found: readonly Found[]): Found[] {
  const queues = new Map<string, Found[]>();
  for (const item of found) {
    const key = `${item.kind}\0${item.path}`;
    const queue = queues.get(key);
    if (queue === undefined) queues.set(key, [item]);
    else queue.push(item);
  }
  const taken: Found[] = [];
  for (let round = 0; taken.length < found.length; round++) {
    for (const queue of queues.values()) {
      const item = queue[round];
      if (item !== undefined) taken.push(item);
    }
  }
  return taken;
}
