// Is a written pair about the code it names? One case per way to be wrong, and per way to be right that a crude check would refuse.
import { beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../../server/base/assert.ts';
import type { WrittenForm } from '../../../server/base/prompt.ts';
import { isCodeFragment } from '../../../server/selfEdit/codeTokens.ts';
import { groundOf, namesInCode, ungrounded, type Ground } from '../../../server/selfEdit/grounding.ts';
import { parsedTree } from '../../../server/selfEdit/parsedTree.ts';
import { sampleTools } from '../../support/sampleCommit.ts';

let ground: Ground;
let removed: Ground;

beforeAll(async () => {
  const tools = await sampleTools();
  const before = 'export function parse(text: string): Tree {\n  return legacyWalk(text);\n}\nexport function gone(oldFlag: boolean): void {}\n';
  const after = 'export function parse(text: string, options: ParseOptions): Promise<Tree> {\n  // Keeps trivia where asked.\n  return walk(text, options.keepTrivia);\n}\n';
  const files = new Map([
    ['src/parse.ts', after],
    ['src/walk.ts', 'export function walk(source: string, trivia: boolean): Promise<Tree> {\n  return visit(source);\n}\n'],
  ]);
  const changes = tools.syntax.changes([{ path: 'src/parse.ts', oldPath: 'src/parse.ts', before, after }]);
  const tree = parsedTree({ files, keptOut: { probes: [], spans: [] } }, tools);
  const named = (name: string) => groundOf(present(changes.find((change) => (change.after ?? change.before)?.name === name)), tree);
  ground = named('parse');
  removed = named('gone');
});

const check = (form: WrittenForm, question: string, answer: string, where = ground): string | null => ungrounded({ form, question, answer }, where);

describe('a written pair is kept', () => {
  it.each<[string, WrittenForm, string, string]>([
    ['that calls with the names of the change', 'usage', 'How is `parse` called?', 'await parse(text, { keepTrivia: true });'],
    ['that introduces names of its own', 'usage', 'Call `parse`.', 'const result = await parse(text, options);\nconsole.log(result);'],
    ['with arrow parameters of its own', 'usage', 'Map over texts with `parse`.', 'text.map((item, index) => parse(item, options))'],
    ['that names a declaration of another file', 'question', 'Which functions does `parse` use?', '`parse` calls `walk`.'],
    ['whose names stand in a comment of the file', 'question', 'What does `parse` keep?', 'The `trivia` that was asked for.'],
    ['that is a fragment of code', 'rewrite', 'Write the first line of `parse`.', 'export function parse(text: string, options: ParseOptions): Promise<Tree> {'],
    ['that speaks of the old in a contrast', 'contrast', 'What did `parse` use before?', 'Before: `legacyWalk(text)`. Now: `walk(text, options.keepTrivia)`.'],
    ['in plain words about the declaration', 'implication', 'What must callers of parse do?', 'Await parse and pass options.'],
    ['that names its path', 'question', 'Which file declares `parse`?', '`src/parse.ts`.'],
  ])('%s', (_, form, question, answer) => expect(check(form, question, answer)).toBeNull());
  it('that says a removed declaration is gone', () => expect(check('implication', 'May `gone` be used?', 'Stop using `gone`: it is gone.', removed)).toBeNull());
});

describe('a written pair is dropped', () => {
  it.each<[string, WrittenForm, string, string, string]>([
    ['that calls what nobody declares', 'usage', 'How is `parse` called?', 'parseAll(text, options);', 'notGrounded'],
    ['that passes an option nobody declares', 'usage', 'How is `parse` called?', 'parse(text, { keepComments: true });', 'notGrounded'],
    ['that names an invention in a sentence', 'question', 'What does `parse` call?', 'It calls `visitAll`.', 'notGrounded'],
    ['that names an invention without backticks', 'implication', 'What follows for `parse`?', 'Callers must set strictMode first.', 'notGrounded'],
    ['that asks about an invention', 'question', 'What does `parseSync` return?', '`Tree`.', 'notGrounded'],
    ['that invents a type in a parameter', 'usage', 'Wrap `parse`.', 'const wrapped = (value: TreeNode) => parse(value, options);', 'notGrounded'],
    ['that states the past as present', 'question', 'What does `parse` call?', '`parse` calls `legacyWalk`.', 'oldCode'],
    ['that uses the past in code', 'rewrite', 'Write `parse`.', 'return legacyWalk(text);', 'oldCode'],
    ['that is about nothing here', 'question', 'What is a function?', 'A piece of code with a name.', 'notGrounded'],
    ['whose brackets cross', 'usage', 'How is `parse` called?', 'parse(text, [options)]', 'notCode'],
    ['whose string stays open', 'usage', 'How is `parse` called?', "parse('text, options);", 'notCode'],
    ['whose code is punctuation', 'rewrite', 'Write `parse`.', '{ }', 'notCode'],
  ])('%s', (_, form, question, answer, reason) => expect(check(form, question, answer)).toBe(reason));
});

describe('code fragments', () => {
  it.each<[string, boolean]>([
    ['if (a) {', true],
    ['f(`x${g({ a: 1 })}y`)', true],
    ['/[)\\]]/.test(a)', true],
    ['a } b', false],
    ['f(a]', false],
    ['/* open', false],
    ['', true],
  ])('%j', (code, expected) => expect(isCodeFragment(code, 'curly')).toBe(expected));
});

describe('names used in code', () => {
  it.each<[string, 'curly' | 'python', string[]]>([
    ['const { a: b, c } = load(d);', 'curly', ['a', 'c', 'load', 'd']],
    ['const [x, y] = pair;', 'curly', ['pair']],
    ['`${greet(name)} there`', 'curly', ['greet', 'name']],
    ['try { run() } catch (problem) { log(problem) }', 'curly', ['run', 'log']],
    ['for item in items:\n    use(item)', 'python', ['items', 'use']],
    ['total = add(a, b)', 'python', ['add', 'a', 'b']],
  ])('%s', (code, style, expected) => expect([...namesInCode(code, style)].sort()).toEqual([...expected].sort()));
});
