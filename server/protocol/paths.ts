// Paths as the editor and git write them, compared: on Windows git says `C:/a` where the editor says `c:\a`. Both sides of the protocol ask here,
// so this imports nothing. Names keep their case, since git tells files apart by it.

/** One spelling for all that name the same place: on Windows a small drive letter and forward slashes. Other systems' paths stand as they are. */
export function plainPath(path: string): string {
  const plain = isOfWindows(path) ? `${path.charAt(0).toLowerCase()}${path.slice(1)}`.replaceAll('\\', '/') : path;
  return plain.length > 1 && plain.endsWith('/') ? plain.slice(0, -1) : plain;
}

/** By whole names; a folder is within itself. */
export function isWithin(path: string, folder: string): boolean {
  return pathWithin(path, folder) !== null;
}

/** With forward slashes, '' for the folder itself; null where it does not lie there. */
export function pathWithin(path: string, folder: string): string | null {
  const inner = plainPath(path);
  const outer = plainPath(folder);
  if (inner === outer) return '';
  const start = outer.endsWith('/') ? outer : `${outer}/`;
  return inner.startsWith(start) ? inner.slice(start.length) : null;
}

/** A drive, or a share; a backslash is an ordinary character in the names of other systems. */
function isOfWindows(path: string): boolean {
  return /^[A-Za-z]:(?:[\\/]|$)/.test(path) || path.startsWith('\\\\');
}
