// Which files of a tree a test command means: node's own patterns where it names none, else its globs, folders and files.

/** https://nodejs.org/api/test.html#running-tests-from-the-command-line, TypeScript included whatever the loader. */
const defaultPatterns = [
  '**/*.test.{js,cjs,mjs,ts,cts,mts,tsx,jsx}',
  '**/*-test.{js,cjs,mjs,ts,cts,mts}',
  '**/*_test.{js,cjs,mjs,ts,cts,mts}',
  '**/test-*.{js,cjs,mjs,ts,cts,mts}',
  '**/test.{js,cjs,mjs,ts,cts,mts}',
  '**/test/**/*.{js,cjs,mjs,ts,cts,mts}',
];

/** What other runners take for tests, beside those. */
export const ownPatterns: readonly string[] = [...defaultPatterns, '**/*.spec.{js,cjs,mjs,ts,cts,mts,tsx,jsx}', '**/__tests__/**/*.{js,cjs,mjs,ts,cts,mts,tsx,jsx}'];

/** Sorted, without node_modules. */
export function matchTestFiles(paths: readonly string[], patterns: readonly string[]): string[] {
  const asked = patterns.length === 0 ? defaultPatterns : patterns.map((pattern) => pattern.replace(/^\.\//, '').replace(/\/$/, ''));
  const expressions = asked.flatMap((pattern) => {
    // `node --test test` means the test files below that folder.
    const isFolder = !/[*?{[]/.test(pattern) && !paths.includes(pattern);
    const globs = isFolder ? defaultPatterns.map((glob) => `${pattern}/${glob}`).concat(`${pattern}/**/*.{js,cjs,mjs,ts,cts,mts}`) : [pattern];
    return globs.map(globExpression);
  });
  return paths.filter((path) => !isVendored(path) && expressions.some((expression) => expression.test(path))).sort();
}

function isVendored(path: string): boolean {
  return path.startsWith('node_modules/') || path.includes('/node_modules/') || path.endsWith('.d.ts');
}

/** `**`, `*`, `?`, `{a,b}` and `[ab]`, as in shells with globstar. */
function globExpression(glob: string): RegExp {
  let source = '';
  let depth = 0;
  for (let i = 0; i < glob.length; i++) {
    const character = glob[i] ?? '';
    if (glob.startsWith('**/', i)) {
      source += '(?:[^/]+/)*';
      i += 2;
    } else if (glob.startsWith('**', i)) {
      source += '.*';
      i++;
    } else if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '{') {
      source += '(?:';
      depth++;
    } else if (character === '}' && depth > 0) {
      source += ')';
      depth--;
    } else if (character === ',' && depth > 0) source += '|';
    else if (character === '[' || character === ']') source += character;
    else source += character.replace(/[.+^$()|\\{}]/g, '\\$&');
  }
  try {
    return new RegExp(`^${source}$`);
  } catch {
    // An unclosed bracket: a file of that very name at most.
    return new RegExp(`^${glob.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
  }
}
