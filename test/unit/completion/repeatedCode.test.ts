// Drafts copied from what the code has said before; ║ is the cursor.
import { describe, expect, it } from 'vitest';
import { lexicalTokens } from '../../../server/completion/lexicalTokens.ts';
import { draftFromRepetition } from '../../../server/completion/repeatedCode.ts';

function draftAt(marked: string, others: readonly string[] = []) {
  const [before = '', after = ''] = marked.split('║');
  return draftFromRepetition({ before, after, others: others.map(lexicalTokens) });
}

describe('a draft from repetition', () => {
  const cases: readonly [title: string, marked: string, others: readonly string[], draft: string | undefined][] = [
    ['goes on as the line did before', 'const a = read(file, options);\nconst b = read(║\n', [], 'file, options);'],
    ['looks below the cursor too', 'const b = read(║\nconst a = read(file, options);\n', [], 'file, options);'],
    ['completes a name', 'registerHandler(a);\nreg║', [], 'isterHandler(a);'],
    ['copies from other open code', 'const b = load(║\n', ['const a = load(path, encoding);\n'], 'path, encoding);'],
    ['goes with the majority', 'set(a, 1);\nset(b, 2);\nset(b, 2);\nset(║\n', [], 'b, 2);'],
    ['knows lines that end with CR LF', 'const a = read(file);\r\nconst b = read(║\r\n', [], 'file);'],
    ['says nothing where nothing is alike', 'const a = 1;\n║', [], undefined],
    ['says nothing after a single letter of a name', 'alpha();\nx = a║', [], undefined],
  ];
  it.each(cases)('%s', (_, marked, others, draft) => {
    expect(draftAt(marked, others)?.cuts.at(-1)?.text).toBe(draft);
  });

  it('agrees less with itself where the matches differ', () => {
    const sure = draftAt('set(a, 1);\nset(a, 1);\nset(║');
    const unsure = draftAt('set(a, 1);\nset(a, 2);\nset(║');
    expect(sure?.lineEndAgreement).toBeGreaterThan(unsure?.lineEndAgreement ?? 0);
  });

  it('does not say that the line ends where it was given up', () => {
    expect(draftAt(`f(${'a + '.repeat(30)}a);\nf(║`)?.lineEndAgreement).toBeNull();
  });
});
