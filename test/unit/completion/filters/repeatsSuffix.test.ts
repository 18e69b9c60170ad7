// What stands below the cursor is not written again.
import { repeatsSuffix } from '../../../../server/completion/filters/repeatsSuffix.ts';
import { checkFilter } from './goldenCase.ts';

checkFilter(repeatsSuffix, [
  ['drops the rest of the line', 'if (├ready) {┤║) {', 'if (├ready┤║) {'],
  ['refuses what is only the rest of the line', 'if (ready├) {┤║) {', 'repeatsSuffix'],
  ['refuses the line below', 'a();\n├b();┤║\nb();\nc();', 'repeatsSuffix'],
  ['counts what stands before the cursor on its line', 'a();\nb├();┤║\nb();', 'repeatsSuffix'],
  ['refuses several lines below, blank ones and indentation aside', '├b();\n  c();┤║\n\nb();\nc();\n', 'repeatsSuffix'],
  ['keeps a line that only begins like the one below', '├b(1);┤║\nb(2);', '├b(1);┤║\nb(2);'],
  ['keeps a closing bracket although one stands below', 'f(() => {\n  g();\n├})┤║\n})', 'f(() => {\n  g();\n├})┤║\n})'],
]);
