// What is closed already is not closed again.
import { blockClose } from '../../../../server/completion/filters/blockClose.ts';
import { checkFilter } from './goldenCase.ts';

checkFilter(blockClose, [
  ['drops the bracket that stands below', 'function f() {\n  ├return 1;\n}┤║\n}\n', 'function f() {\n  ├return 1;┤║\n}\n'],
  ['keeps a bracket where none stands below', 'function f() {\n  ├return 1;\n}┤║\nconst a = 1;', 'function f() {\n  ├return 1;\n}┤║\nconst a = 1;'],
  ['keeps what it opened itself', '  ├if (a) {\n    b();\n  }┤║\n}', '  ├if (a) {\n    b();\n  }┤║\n}'],
  ['keeps one line', 'f(├a)┤║\n)', 'f(├a)┤║\n)'],
]);
