// The house rules as functions from one source file to violations; `main.ts` and the tests run the same ones.
import { builtinModules } from 'node:module';
import { dirname, join, normalize } from 'node:path/posix';
import { bannedNames, importTable, pureBuiltins } from './importTable.ts';

export interface Source {
  /** Relative to the repository root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Violation {
  readonly path: string;
  readonly rule: 'importTable' | 'packages' | 'builtins' | 'header' | 'name' | 'any' | 'length';
  readonly message: string;
}

export function checkSource(source: Source): Violation[] {
  return [...checkImports(source), ...checkHeader(source), ...checkName(source), ...checkAny(source), ...checkLength(source)];
}

/** The longest key of the import table that contains the path. */
export function folderOf(path: string): string | undefined {
  let folder = dirname(path);
  while (folder !== '.' && folder !== '') {
    if (folder in importTable) return folder;
    folder = dirname(folder);
  }
  return undefined;
}

function checkImports(source: Source): Violation[] {
  const folder = folderOf(source.path);
  const rule = folder === undefined ? undefined : importTable[folder];
  if (folder === undefined || rule === undefined) {
    if (!source.path.includes('/')) return [];
    return [{ path: source.path, rule: 'importTable', message: 'this folder is not in scripts/houseRules/importTable.ts' }];
  }
  const found: Violation[] = [];
  const say = (kind: Violation['rule'], message: string) => found.push({ path: source.path, rule: kind, message });
  for (const specifier of importSpecifiers(source.text)) {
    if (specifier.startsWith('.')) {
      const target = folderOf(normalize(join(dirname(source.path), specifier)));
      const allowed =
        target === undefined || target === folder || rule.folders.includes('*') || rule.folders.includes(target);
      if (!allowed) say('importTable', `${folder} may not import ${target} (${specifier})`);
    } else if (specifier.startsWith('node:') || builtinModules.includes(specifier)) {
      if (!specifier.startsWith('node:')) say('builtins', `write node:${specifier}`);
      const allowed = pureBuiltins.includes(specifier) || rule.builtins?.includes('*') || rule.builtins?.includes(specifier);
      if (!allowed) say('builtins', `${folder} may not import ${specifier}; ask for a capability from base instead`);
    } else {
      const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
      const allowed = rule.packages?.includes('*') || rule.packages?.includes(name);
      if (!allowed) say('packages', `${folder} may not import the npm package ${name}`);
    }
  }
  return found;
}

function importSpecifiers(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const patterns = [
    /^\s*(?:import|export)\s[^'"`;]*?\sfrom\s+['"]([^'"]+)['"]/gm,
    /^\s*import\s+['"]([^'"]+)['"]/gm,
    /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ''));
}

function checkHeader(source: Source): Violation[] {
  const first = source.text.replace(/^#!.*\n/, '').trimStart();
  if (first.startsWith('//') || first.startsWith('/*')) return [];
  return [{ path: source.path, rule: 'header', message: 'begin with a comment: what this is, and what would surprise' }];
}

function checkName(source: Source): Violation[] {
  const words = source.path.replace(/(\.test)?\.tsx?$/, '').split('/');
  const banned = words.filter((word) => bannedNames.includes(word.toLowerCase()));
  const last = words.at(-1) ?? '';
  const found: Violation[] = banned.map((word) => ({ path: source.path, rule: 'name', message: `the name "${word}" says nothing` }));
  if (!/^[a-z][A-Za-z0-9]*(\.config)?$/.test(last)) found.push({ path: source.path, rule: 'name', message: 'file names are camelCase' });
  return found;
}

function checkAny(source: Source): Violation[] {
  if (!source.path.startsWith('server/') && !source.path.startsWith('src/')) return [];
  const code = source.text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '').replace(/(['"`])(?:\\.|(?!\1).)*\1/g, "''");
  return /(:\s*any\b|\bas\s+any\b|<any>|\bany\[\])/.test(code)
    ? [{ path: source.path, rule: 'any', message: '`any` turns the type checker off; use unknown and validate' }]
    : [];
}

/** Over this many lines an orchestrator hides; tables and single algorithms say so in their header with "Long:". */
const longLines = 600;

function checkLength(source: Source): Violation[] {
  const lines = source.text.split('\n').length;
  if (lines <= longLines || /^\/\/.*\bLong:/m.test(source.text.split('\n').slice(0, 6).join('\n'))) return [];
  return [{ path: source.path, rule: 'length', message: `${lines} lines; split it, or say "Long:" and why in the header` }];
}
