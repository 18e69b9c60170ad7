// Which file of a repository a specifier means. Relative specifiers in TypeScript and JavaScript, relative and absolute modules
// in Python; packages and path aliases are other people's files (null).

/** Paths are relative to the repository's root, with forward slashes. */
export function resolveImport(fromPath: string, specifier: string, exists: (path: string) => boolean): string | null {
  const candidates = /\.pyi?$/.test(fromPath) ? pythonCandidates(fromPath, specifier) : scriptCandidates(fromPath, specifier);
  return candidates.find(exists) ?? null;
}

const extensions = ['.ts', '.tsx', '.d.ts', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json'];

/** What TypeScript writes in a specifier and what lies on disk: `./a.js` may be `./a.ts`. */
const sources: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\.js$/, ['.ts', '.tsx', '.d.ts', '.jsx']],
  [/\.jsx$/, ['.tsx']],
  [/\.mjs$/, ['.mts', '.d.mts']],
  [/\.cjs$/, ['.cts', '.d.cts']],
];

function scriptCandidates(fromPath: string, specifier: string): string[] {
  if (!/^\.\.?(?:\/|$)/.test(specifier)) return [];
  const target = joined(folderOf(fromPath), specifier);
  if (target === null) return [];
  const rewritten = sources.flatMap(([written, onDisk]) =>
    written.test(target) ? onDisk.map((extension) => target.replace(written, extension)) : [],
  );
  const index = target === '' ? 'index' : `${target}/index`;
  return [target, ...rewritten, ...extensions.map((extension) => target + extension), ...extensions.map((extension) => index + extension)];
}

function pythonCandidates(fromPath: string, specifier: string): string[] {
  const dots = /^\.*/.exec(specifier)?.[0].length ?? 0;
  const parts = specifier.slice(dots).split('.').filter((part) => part !== '');
  const folders: string[] = [];
  if (dots > 0) {
    const target = joined(folderOf(fromPath), '../'.repeat(dots - 1) || '.');
    if (target !== null) folders.push(target);
  } else {
    // Absolute modules start at a root that only the project's set-up knows: the importing file's folder and those above, then `src`.
    for (let folder: string | null = folderOf(fromPath); folder !== null; folder = folder === '' ? null : folderOf(folder)) folders.push(folder);
    folders.push('src');
  }
  return folders.flatMap((folder) => {
    const target = [folder, ...parts].filter((part) => part !== '').join('/');
    const init = target === '' ? '__init__' : `${target}/__init__`;
    return [`${target}.py`, `${init}.py`, `${target}.pyi`, `${init}.pyi`];
  });
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Null when it leads out of the repository. */
function joined(folder: string, relative: string): string | null {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}
