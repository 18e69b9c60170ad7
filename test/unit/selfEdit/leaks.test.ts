// The last guard: planted probes must be found, code that says nothing must not be mistaken for them.
import { describe, expect, it } from 'vitest';
import type { Example } from '../../../server/base/prompt.ts';
import { hiddenRanges, leaks, type KeptOut, type Leak } from '../../../server/selfEdit/keptOut.ts';

const fim = (prefix: string, answer: string, suffix = '', context = ''): Example => ({
  prompt: { kind: 'fim', repository: 'r', path: 'src/a.ts', prefix, suffix, context: context === '' ? [] : [{ path: 'src/b.ts', text: context }] },
  answer,
});
const question = (text: string, answer: string): Example => ({ prompt: { kind: 'question', repository: 'r', question: text }, answer });
const probe = (example: Example, path = 'src/a.ts'): KeptOut => ({ probes: [{ path, example }], spans: [] });
const span = (original: string, example: Example = fim('', original)): KeptOut => ({ probes: [], spans: [{ path: 'src/a.ts', original, example }] });

function checkLeak(example: Example, keptOut: KeptOut, expected: Leak | null, path = 'src/a.ts'): void {
  expect(leaks({ path, example }, keptOut)).toBe(expected);
}

const total = 'total(cart, { vat: 0.2 })';
const probed = probe(fim('  const sum = ', total, ';\n'));

describe('a pair leaks', () => {
  it.each<[string, Example, KeptOut, Leak]>([
    ['whose answer is the probe’s', fim('x = ', total), probed, 'probeAnswer'],
    ['whose answer contains it', fim('', `return ${total} + 1;`), probed, 'probeAnswer'],
    ['whose answer has it in another layout', fim('', 'total(  cart,\n  {vat:0.2} )'), probed, 'probeAnswer'],
    ['whose answer has it with comments', fim('', 'total(cart, /* 20 % */ { vat: 0.2 })'), probed, 'probeAnswer'],
    ['whose answer to a question contains it', question('How is the sum made?', `const s = ${total};`), probed, 'probeAnswer'],
    ['whose prefix has the probe’s line', fim(`  const sum = ${total};\n  `, 'return sum;'), probed, 'probeLine'],
    ['whose suffix has the probe’s line', fim('', 'foo();', `\n  const sum = ${total};\n`), probed, 'probeLine'],
    ['whose context has the probe’s line', fim('', 'foo();', '', `const sum = ${total};`), probed, 'probeLine'],
    ['that cuts the probe’s line elsewhere', fim('  const sum = tot', 'al(cart, { vat: 0.2 });'), probed, 'probeLine'],
    ['that is the probe itself, though it says little', fim('  return ', 'true', ';'), probe(fim('  return ', 'true', ';')), 'probeLine'],
    ['whose answer is a span', fim('', 'const rate = readRate(country);'), span('const rate = readRate(country);'), 'spanText'],
    ['whose prefix shows a span', fim('const rate = readRate(country);\n', 'return rate;'), span('const rate = readRate(country);'), 'spanText'],
    ['that shows one line of a longer span', fim('', 'x', '\nconst rate = readRate(country);\n'), span('const rate = readRate(country);\nreturn rate * amount;'), 'spanLine'],
    ['that cuts a span’s line', fim('const rate = read', 'Rate(country);'), span('const rate = readRate(country);'), 'spanText'],
  ])('%s', (_, example, keptOut, expected) => checkLeak(example, keptOut, expected));
});

describe('a pair does not leak', () => {
  it.each<[string, Example, KeptOut]>([
    ['by other code', fim('', 'total(basket, { vat: 0.19 })'), probed],
    ['by a longer name that ends alike', fim('', 'subtotal(cart, { vat: 0.2 })'), probe(fim('', 'total(cart, { vat: 0.2 })', ''))],
    ['by a word everybody writes', fim('  return ', 'true', ';'), probe(fim('  isOpen = ', 'true', ';'))],
    ['by a line everybody writes', fim('  return result;\n', 'foo(bar);'), probe(fim('  return ', 'result', ';'))],
    ['by a closing brace of a span', fim('', '}\n'), span('const rate = readRate(country);\n}')],
    ['where nothing is kept out', fim('', total), { probes: [], spans: [] }],
  ])('%s', (_, example, keptOut) => checkLeak(example, keptOut, null));

  it('by the same short answer in another file', () => checkLeak(fim('  return ', 'true', ';'), probe(fim('  return ', 'true', ';'), 'src/other.ts'), null));
});

describe('a window hides', () => {
  const text = "import { rate } from './rates.ts';\nreturn result;\n  const sum = total(cart, { vat: 0.2 });\nconst rest = 1;\n";
  const hiddenIn = (path: string, keptOut: KeptOut): string[] => hiddenRanges(path, text, [], keptOut).map(({ start, end }) => text.slice(start, end));

  it('the line of a probe, however the window cuts it', () => expect(hiddenIn('src/a.ts', probed)).toEqual(['  const sum = total(cart, { vat: 0.2 });']));
  it('a telling line in every file', () => expect(hiddenIn('src/other.ts', probe(fim("import { ra", "te } from './rates.ts'", ';\n')))).toEqual(["import { rate } from './rates.ts';"]));
  it('a line that says little only in its own file', () => {
    const keptOut = probe(fim('return ', 'result', ';'));
    expect(hiddenIn('src/a.ts', keptOut)).toEqual(['return result;']);
    expect(hiddenIn('src/other.ts', keptOut)).toEqual([]);
  });
  it('each line of a span', () => expect(hiddenIn('src/a.ts', span('return result;\n  const sum = total(cart, { vat: 0.2 });')).join('\n')).toContain('const sum'));
});
