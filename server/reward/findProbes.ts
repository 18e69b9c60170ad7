// Probes of one commit: expected values in tests, the arguments of calls, lines that it adds and later lines. Taken from held-out declarations and
// from the files around the commit, never from what a pair shows; each is masked exactly as a completion would be asked for.
import { present } from '../base/assert.ts';
import { folded } from '../base/folded.ts';
import { sha256 } from '../base/hash.ts';
import type { Random } from '../base/random.ts';
import type { TextRange } from '../base/textRange.ts';
import type { Change, FileVersions, Reference } from '../syntax/declaration.ts';
import { isHeldOut } from '../syntax/heldOut.ts';
import { normalisedCode } from '../syntax/normalisedCode.ts';
import type { Syntax } from '../syntax/syntax.ts';
import { addedLines, asTyped, isNewLine, knownLines, type AddedLine } from '../syntax/typedLine.ts';
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
  /** The same in the tree before the changes; null: there was none. */
  readonly before: { readonly texts: ReadonlyMap<string, string>; readonly promptAt: PromptAt } | null;
  readonly random: Random;
  /** Probes in all, shared out evenly over files; lines before anything else, since lines are what completion is asked for. */
  readonly budget: number;
}

/** With its offset in the file, by which it is given a half. */
export type PlacedProbe = Unassigned<Probe> & { readonly at: number };

interface Found {
  readonly kind: Probe['kind'];
  readonly path: string;
  readonly range: TextRange;
  /** Of an added line, which is asked in the file as it was before: beside the commit's other lines even the base can copy it. */
  readonly typed?: { readonly line: AddedLine; readonly before: string };
}

/** Answers outside these lengths (characters) are left out: one token says little, and a page would drown the rest. */
const answerLength = { least: 3, most: 120 };

export function findProbes(request: ProbeRequest, syntax: Syntax): PlacedProbe[] {
  const { tree, random, budget } = request;
  const uses = usesOfChanged(request, syntax);
  const lines = [...linesOfChanged(request, syntax), ...usingLines(request, uses)];
  const others = [...assertions(request, syntax), ...callSites(request, uses)];
  const probes: PlacedProbe[] = [];
  const answers = new Set<string>();
  const placeOf = placesIn((path) => tree.texts.get(path), syntax);
  for (const { kind, path, range, typed } of [...takeTurns(random.shuffled(lines)), ...takeTurns(random.shuffled(others))]) {
    if (probes.length >= budget) break;
    const text = tree.texts.get(path) ?? '';
    const place = typed === undefined ? { text, masked: range, answer: text.slice(range.start, range.end) } : asTyped(typed.before, typed.line, random);
    if (place === null) continue;
    const { answer } = place;
    const normalised = normalisedCode(path, answer);
    // The same answer at two places of one file would count one piece of knowledge twice.
    const known = `${path}\0${kind}\0${normalised}`;
    if (answer.length < answerLength.least || answer.length > answerLength.most || answers.has(known)) continue;
    if (!/[A-Za-z_$]/.test(answer) && kind !== 'assertion') continue;
    if (request.inPair(normalised)) continue;
    answers.add(known);
    const promptAt = typed === undefined ? request.promptAt : present(request.before).promptAt;
    const prompt = promptAt({ path, text: place.text, masked: place.masked });
    const id = sha256(JSON.stringify([kind, path, prompt, answer])).slice(0, 16);
    probes.push({ id, kind, example: { prompt, answer }, path, declaration: placeOf(path, range.start), commit: tree.commit, at: range.start });
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

/** Lines of sources that did not change: what the rest of the code makes of the commit. */
function usingLines({ tree, versions, testFiles }: ProbeRequest, uses: readonly Reference[]): Found[] {
  const asked = new Set([...testFiles, ...versions.map(({ path }) => path)]);
  return uses.flatMap(({ path, range }): Found[] => {
    if (asked.has(path)) return [];
    const text = tree.texts.get(path) ?? '';
    const line = linesOf(text).find(({ start, end }) => start <= range.start && range.end <= end);
    return line === undefined || isBoilerplate(text.slice(line.start, line.end)) ? [] : [{ kind: 'laterLine', path, range: { start: line.start, end: line.end } }];
  });
}

/**
 * In the changed files: lines inside held-out declarations, lines of sources outside every changed declaration, and the lines that the
 * commit added to tests. What a pair shows after all is dropped by whoever makes pairs. Those that are new to the tree are asked as they are typed.
 */
function linesOfChanged({ tree, versions, changes, testFiles, before: treeBefore }: ProbeRequest, syntax: Syntax): Found[] {
  const known = knownLines(treeBefore?.texts.values() ?? []);
  const taken = new Set<string>();
  return versions.flatMap(({ path, before }) => {
    const text = tree.texts.get(path);
    if (text === undefined || !syntax.supports(path)) return [];
    const heldOut = syntax.declarations(path, text).filter(isHeldOut);
    const changed = changes.flatMap(({ after }) => (after?.path === path ? after.range : []));
    const isTest = testFiles.includes(path);
    const old = new Set((before ?? '').split('\n').map((line) => line.trim()));
    const added = new Map(treeBefore === null ? [] : addedLines(before ?? '', text).map((line) => [line.line, line]));
    return linesOf(text).flatMap(({ line: number, ...range }): Found[] => {
      const line = text.slice(range.start, range.end);
      const inside = (other: TextRange) => other.start <= range.start && range.end <= other.end;
      const open = heldOut.some((declaration) => inside(declaration.body ?? declaration.range)) || (isTest ? !old.has(line) : !changed.some(inside));
      if (!open || isBoilerplate(line)) return [];
      const addition = added.get(number);
      if (addition === undefined || !isNewLine(line, known)) return [{ kind: 'laterLine', path, range }];
      if (taken.has(folded(line))) return [];
      taken.add(folded(line));
      return [{ kind: 'addedLine', path, range, typed: { line: addition, before: before ?? '' } }];
    });
  });
}

/** Without indentation; each with its zero-based number. */
function linesOf(text: string): (TextRange & { readonly line: number })[] {
  const ranges: (TextRange & { readonly line: number })[] = [];
  let start = 0;
  for (const [number, line] of text.split('\n').entries()) {
    const indentation = line.length - line.trimStart().length;
    const end = start + line.trimEnd().length;
    if (end > start + indentation) ranges.push({ start: start + indentation, end, line: number });
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
