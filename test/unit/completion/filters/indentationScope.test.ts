// A suggestion ends where its block ends.
import { indentationScope } from '../../../../server/completion/filters/indentationScope.ts';
import { checkFilter } from './goldenCase.ts';

checkFilter(indentationScope, [
  ['keeps one line', '  return ├a;┤║', '  return ├a;┤║'],
  ['keeps lines of the block and deeper', '  ├if (a) {\n    b();\n  }\n  c();┤║', '  ├if (a) {\n    b();\n  }\n  c();┤║'],
  ['cuts what follows the block', '  return ├a;\n}\n\nfunction next() {┤║', '  return ├a;┤║'],
  ['sees that tabs are indentation', '\treturn ├a;\n}┤║', '\treturn ├a;┤║'],
  ['refuses where nothing of the block is left', '  ├\n}┤║', 'leavesScope'],
]);
