// Nothing is no suggestion.
import { blank } from '../../../../server/completion/filters/blank.ts';
import { checkFilter } from './goldenCase.ts';

checkFilter(blank, [
  ['refuses white space', 'a = ├  \n ┤║', 'blank'],
  ['refuses nothing', 'a = ├┤║', 'blank'],
  ['drops white space at the end', 'a = ├b;  \n┤║', 'a = ├b;┤║'],
  ['keeps white space at the start', 'return├ a┤║', 'return├ a┤║'],
]);
