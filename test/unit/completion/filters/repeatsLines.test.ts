// The line above again is no suggestion.
import { repeatsLines } from '../../../../server/completion/filters/repeatsLines.ts';
import { checkFilter } from './goldenCase.ts';

checkFilter(repeatsLines, [
  ['refuses the line above', '  add(a);\n  ├add(a);┤║', 'repeatsLines'],
  ['looks past blank lines', 'add(a);\n\nadd├(a);┤║', 'repeatsLines'],
  ['keeps a line like the one above', 'add(a);\n├add(b);┤║', 'add(a);\n├add(b);┤║'],
  ['cuts where the block begins to go in circles', '├a(1);\nb(2);\na(1);\nb(2);┤║', '├a(1);\nb(2);┤║'],
  ['lets brackets come again', '├if (a) {\n  b(1);\n}\nif (c) {\n  d(1);\n}┤║', '├if (a) {\n  b(1);\n}\nif (c) {\n  d(1);\n}┤║'],
]);
