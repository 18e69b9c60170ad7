// Reads a package.json test script far enough to run its node:test files one at a time under a reporter of our own.
// What it does not understand it refuses: a build step that is skipped would make every test fail for the wrong reason.

export type TestCommand =
  | {
      readonly kind: 'nodeTest';
      /** Options for node, `--test` and reporters taken out. */
      readonly nodeOptions: readonly string[];
      /** Globs, folders or files as written; empty: node's own defaults. */
      readonly patterns: readonly string[];
      readonly environment: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'noCommand' }
  | { readonly kind: 'unsupportedRunner'; readonly explanation: string };

type Scripts = Readonly<Record<string, string>>;

export function readTestCommand(scripts: Scripts): TestCommand {
  const script = scripts['test'];
  if (script === undefined || /no test specified/.test(script)) return { kind: 'noCommand' };
  const commands = simpleCommands(script, scripts, 0);
  if (commands === null) return unsupported(`the test script uses shell syntax that Graft does not read: ${script}`);
  for (const words of commands) {
    const test = nodeTestOf(words);
    if (test !== null) return test;
    if (!checksOnly(words)) return unsupported(`the test script runs ${words.join(' ')}, and only node --test is supported`);
  }
  return unsupported(`the test script runs no tests that Graft knows: ${script}`);
}

function unsupported(explanation: string): TestCommand {
  return { kind: 'unsupportedRunner', explanation };
}

/** The commands of an `a && b` script with `npm run x` replaced by what it means; null for other shell syntax. */
function simpleCommands(script: string, scripts: Scripts, depth: number): string[][] | null {
  if (depth > 5) return null;
  const commands: string[][] = [];
  for (const part of splitOnAnd(script)) {
    const words = shellWords(part);
    if (words === null) return null;
    if (words.length === 0) continue;
    const named = scriptName(words);
    const meant = named === null ? undefined : scripts[named];
    if (meant === undefined) commands.push(words);
    else {
      const inner = simpleCommands(meant, scripts, depth + 1);
      if (inner === null) return null;
      commands.push(...inner);
    }
  }
  return commands;
}

/** `npm run x`, `pnpm x`, `yarn run x`. */
function scriptName(words: readonly string[]): string | null {
  const [manager, ...rest] = words;
  if (manager !== 'npm' && manager !== 'pnpm' && manager !== 'yarn') return null;
  const names = rest.filter((word) => !word.startsWith('-'));
  return names[0] === 'run' ? (names[1] ?? null) : (names[0] ?? null);
}

/** Linters and type checkers: they judge the code without being its tests, so they are passed over. */
function checksOnly(words: readonly string[]): boolean {
  const [program = ''] = words[0] === 'npx' ? words.slice(1) : words;
  if (program === 'tsc') return words.includes('--noEmit') || words.includes('--no-emit');
  return ['eslint', 'xo', 'standard', 'prettier', 'biome', 'oxlint', 'semistandard', 'tsd', 'echo'].includes(program);
}

function nodeTestOf(command: readonly string[]): TestCommand | null {
  let { environment, words } = assignmentsBefore(command);
  if (words[0] === 'npx') words.shift();
  if (words[0] === 'cross-env') {
    const more = assignmentsBefore(words.slice(1));
    environment = { ...environment, ...more.environment };
    words = more.words;
  }
  if (words[0] === 'c8' || words[0] === 'nyc') {
    words.shift();
    while (words[0]?.startsWith('-')) words.shift();
  }
  const program = words.shift();
  if (program !== 'node' && program !== 'tsx') return null;
  const { options, patterns, isTest } = splitArguments(words);
  if (!isTest) return null;
  const nodeOptions = program === 'tsx' ? ['--import', 'tsx', ...options] : options;
  return { kind: 'nodeTest', nodeOptions, patterns, environment };
}

/** `CI=1 A=b node x`: what is assigned, and the words after it. */
export function assignmentsBefore(command: readonly string[]): { environment: Readonly<Record<string, string>>; words: string[] } {
  const environment: Record<string, string> = {};
  const words = [...command];
  for (let match = assignment(words[0]); match !== null; match = assignment(words[0])) {
    environment[match.name] = match.value;
    words.shift();
  }
  return { environment, words };
}

function assignment(word: string | undefined): { name: string; value: string } | null {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word ?? '');
  return match === null ? null : { name: match[1] ?? '', value: match[2] ?? '' };
}

/** Options whose value is the next word. */
const valueOptions = new Set([
  '--import', '--require', '-r', '--loader', '--experimental-loader', '--conditions', '-C', '--env-file', '--test-name-pattern',
  '--test-skip-pattern', '--test-reporter', '--test-reporter-destination', '--test-concurrency', '--test-timeout', '--test-shard',
]);

/** About how tests are run and shown together; Graft runs one file at a time and reads its own reporter. */
const droppedOptions =
  /^--(test$|watch|test-reporter|test-concurrency|test-timeout|test-shard|test-force-exit|test-isolation|experimental-test-isolation|experimental-test-coverage|test-coverage|test-update-snapshots)/;

function splitArguments(words: readonly string[]): { options: string[]; patterns: string[]; isTest: boolean } {
  const options: string[] = [];
  const patterns: string[] = [];
  let isTest = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (!word.startsWith('-')) {
      patterns.push(word);
      continue;
    }
    if (word === '--test') isTest = true;
    const takesNext = valueOptions.has(word) && i + 1 < words.length;
    const value = takesNext ? [words[++i] ?? ''] : [];
    if (!droppedOptions.test(word)) options.push(word, ...value);
  }
  return { options, patterns, isTest };
}

function splitOnAnd(script: string): string[] {
  const parts: string[] = [];
  let quote = '';
  let start = 0;
  for (let i = 0; i < script.length; i++) {
    const character = script[i] ?? '';
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (script.startsWith('&&', i)) {
      parts.push(script.slice(start, i));
      start = i + 2;
      i++;
    }
  }
  return [...parts, script.slice(start)];
}

/** Words of one simple command; null where there is a pipe, redirection, substitution or another command. */
export function shellWords(command: string): string[] | null {
  const words: string[] = [];
  let word = '';
  let inWord = false;
  let quote = '';
  for (const character of command) {
    if (quote !== '') {
      if (character === quote) quote = '';
      else if (quote === '"' && (character === '$' || character === '`')) return null;
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      inWord = true;
    } else if (/\s/.test(character)) {
      if (inWord) words.push(word);
      word = '';
      inWord = false;
    } else if ('|&;<>()$`\\'.includes(character)) return null;
    else {
      word += character;
      inWord = true;
    }
  }
  if (quote !== '') return null;
  if (inWord) words.push(word);
  return words;
}
