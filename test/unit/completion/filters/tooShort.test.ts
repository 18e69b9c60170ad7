// Four characters are worth reading.
import { tooShort } from '../../../../server/completion/filters/tooShort.ts';
import { checkFilter } from './goldenCase.ts';

checkFilter(tooShort, [
  ['refuses three characters', 'f(├a);┤║', 'tooShort'],
  ['does not count white space around', 'f(├ ab; ┤║', 'tooShort'],
  ['keeps four', 'f(├ab);┤║', 'f(├ab);┤║'],
]);
