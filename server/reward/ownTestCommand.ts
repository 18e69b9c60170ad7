// The test command that a user gives (`graft.tests.command`) in place of the one read from package.json. It is run in the sandbox once per test
// file and must print TAP on standard output, because a status alone cannot tell a test that passed from one that never ran.
import { assignmentsBefore, shellWords, type TestCommand } from './testCommand.ts';

/** Where the test file's path goes; a command without it gets the path as its last argument. */
export const filePlace = '{file}';

export type OwnTestCommand =
  | { readonly kind: 'own'; readonly words: readonly string[]; readonly environment: Readonly<Record<string, string>> }
  | Extract<TestCommand, { kind: 'unsupportedRunner' }>;

export function readOwnTestCommand(text: string): OwnTestCommand {
  const all = shellWords(text);
  if (all === null) return refused('it may have words, quotes and assignments such as CI=1 before them, and no other shell syntax: put that into a script');
  const { environment, words } = assignmentsBefore(all);
  const [program = '', ...rest] = words;
  if (program === '') return refused('it names no program');
  if (packageManagers.includes(program)) return refused(`${program} does not run in the sandbox: name the program that it starts`);
  const meant = program === 'npx' ? installedProgram(rest) : words;
  if (meant === null) return refused('npx names no program');
  return { kind: 'own', words: meant.some((word) => word.includes(filePlace)) ? meant : [...meant, filePlace], environment };
}

/** The command for one test file; its standard output is the report. */
export function ownTestFileCommand(words: readonly string[], test: string): string[] {
  const path = test.startsWith('-') ? `./${test}` : test;
  return ['sh', '-c', 'exec "$@" > /report', 'graft', ...words.map((word) => word.replaceAll(filePlace, path))];
}

const packageManagers = ['npm', 'pnpm', 'yarn', 'bun'];

/** npx is a package manager too; what it would find is named instead. */
function installedProgram(words: readonly string[]): string[] | null {
  const at = words.findIndex((word) => !word.startsWith('-'));
  return at === -1 ? null : [`node_modules/.bin/${words[at] ?? ''}`, ...words.slice(at + 1)];
}

function refused(explanation: string): OwnTestCommand {
  return { kind: 'unsupportedRunner', explanation: `graft.tests.command cannot be run: ${explanation}` };
}
