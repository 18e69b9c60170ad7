// As far as the imports go, and no further; ║ is where the head ends.
import { expect, it } from 'vitest';
import { importHead } from '../../../server/completion/importHead.ts';

it.each([
  ['statements at the top', "import a from 'a';\nimport { b } from './b';║\n\nexport function f() {}\n"],
  ['a list over several lines', "// Header.\nimport {\n  a,\n  b,\n} from './b';║\n\nf();\n"],
  ['exports from elsewhere', "export { a } from './a';║\n\nexport const b = 1;\n"],
  ['require', "'use strict';\nconst fs = require('node:fs');\nconst path = require('node:path');║\n\nrun();\n"],
  ['Python', 'import os\nfrom x import (\n    a,\n    b,\n)║\n\ndef f():\n    pass\n'],
  ['no imports', '║export const a = 1;\n'],
  ['nothing after them', "import a from 'a';\na();\n║"],
])('%s', (_, marked) => {
  const [head = '', rest = ''] = marked.split('║');
  expect(importHead(head + rest)).toBe(head);
});

it('stays the same while the user types below it', () => {
  const before = "import a from 'a';\n\nconst b = ";
  expect(importHead(`${before}a(`)).toBe(importHead(before));
});
