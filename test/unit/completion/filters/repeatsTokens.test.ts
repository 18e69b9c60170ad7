// One piece four times over is a model that has lost its way.
import { repeatsTokens } from '../../../../server/completion/filters/repeatsTokens.ts';
import { checkFilter } from './goldenCase.ts';

checkFilter(repeatsTokens, [
  ['refuses a name four times', 'a├.foo.foo.foo.foo┤║', 'repeatsTokens'],
  ['refuses a longer piece four times', '├x = y; x = y; x = y; x = y;┤║', 'repeatsTokens'],
  ['keeps three', 'a├.foo.foo.foo┤║', 'a├.foo.foo.foo┤║'],
  ['keeps closing brackets', 'f(g(h(i(j(├k))))))┤║', 'f(g(h(i(j(├k))))))┤║'],
  ['keeps a table of different values', '[├1, 2, 3, 4, 5]┤║', '[├1, 2, 3, 4, 5]┤║'],
]);
