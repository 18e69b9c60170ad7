// Is a pair that was learnt earlier still true of the code? Used for replay, and for the rule that a version stays valid while nine in ten
// of its pairs are grounded in HEAD's tree.
import { heldOutRanges } from '../syntax/heldOut.ts';
import { normalisedCode } from '../syntax/normalisedCode.ts';
import { codeStyleOf, isCodeFragment } from './codeTokens.ts';
import { declaredNames, isCodeForm, namesInCode, namesInProse, wordsOf } from './grounding.ts';
import { isCommonName } from './commonNames.ts';
import type { Pair } from './pair.ts';
import type { ParsedTree } from './parsedTree.ts';

/** Its declaration exists, not held out; for structural pairs the answer stands in the file, for written ones every name does in the tree. */
export function stillGrounded(pair: Pair, tree: ParsedTree): boolean {
  const text = tree.textOf(pair.path);
  if (!declarationStands(pair, tree)) return false;
  if (pair.writtenBy === 'structural') return text !== undefined && standsIn(pair, text) && !standsInHeldOut(pair, tree);
  const style = codeStyleOf(pair.path);
  const { prompt, answer } = pair.example;
  const question = prompt.kind === 'question' ? prompt.question : '';
  const names = [...namesInProse(question, style), ...(isCodeForm(pair.form) && isCodeFragment(answer, style) ? namesInCode(answer, style) : namesInProse(answer, style))];
  const known = declaredNames(tree);
  const words = text === undefined ? new Set<string>() : wordsOf(text, style);
  // A contrast speaks of the past on purpose: its old names are gone from every later tree.
  return pair.form === 'contrast' || names.every((name) => isCommonName(name) || known.has(name) || words.has(name));
}

/** The declaration may have moved to another file since. */
function declarationStands(pair: Pair, tree: ParsedTree): boolean {
  if (pair.declaration === '') return tree.textOf(pair.path) !== undefined;
  return qualifiedNames(tree).has(pair.declaration);
}

function qualifiedNames(tree: ParsedTree): ReadonlySet<string> {
  const known = namesByTree.get(tree);
  if (known !== undefined) return known;
  const names = new Set(tree.paths.flatMap((path) => tree.declarations(path).map((declaration) => declaration.qualifiedName)));
  namesByTree.set(tree, names);
  return names;
}
const namesByTree = new WeakMap<ParsedTree, ReadonlySet<string>>();

function standsIn(pair: Pair, text: string): boolean {
  const { prompt, answer } = pair.example;
  if (text.includes(answer)) {
    // With the rest of its first line, so that a short answer is not found just anywhere.
    const before = prompt.kind === 'fim' ? prompt.prefix.slice(prompt.prefix.lastIndexOf('\n') + 1) : '';
    if (text.includes(before + answer)) return true;
  }
  return answer.length >= 20 && normalisedCode(pair.path, text).includes(normalisedCode(pair.path, answer));
}

/** A body that changed may have become held out since. The same text may also stand elsewhere, where it may be taught. */
function standsInHeldOut(pair: Pair, tree: ParsedTree): boolean {
  const text = tree.textOf(pair.path) ?? '';
  const { prompt, answer } = pair.example;
  const line = prompt.kind === 'fim' ? prompt.prefix.slice(prompt.prefix.lastIndexOf('\n') + 1) + answer : answer;
  const places = placesOf(text, text.includes(line) ? line : answer);
  const heldOut = heldOutRanges(tree.declarations(pair.path));
  return places.length > 0 && places.every((at) => heldOut.some(({ start, end }) => start <= at && at < end));
}

function placesOf(text: string, needle: string): number[] {
  const places: number[] = [];
  if (needle === '') return places;
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) places.push(at);
  return places;
}
