// What a package holds, summed by the part of the product that it belongs to.

export interface PackagedFile {
  /** Relative to the package's root, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
}

export interface Section {
  readonly name: string;
  readonly count: number;
  readonly bytes: number;
}

const sections: readonly [prefix: string, name: string][] = [
  ['dist/node_modules/', 'native runtime'],
  ['dist/', 'code, grammars, pages'],
  ['models/', 'starter model'],
  ['media/', 'icons, walkthrough'],
  ['', 'manifest, documents, licences'],
];

export function bySection(files: readonly PackagedFile[]): Section[] {
  const left = [...files];
  return sections.map(([prefix, name]) => {
    const here = left.filter(({ path }) => path.startsWith(prefix));
    for (const file of here) left.splice(left.indexOf(file), 1);
    return { name, count: here.length, bytes: here.reduce((sum, { bytes }) => sum + bytes, 0) };
  });
}
