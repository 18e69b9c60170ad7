// Parsed packages: every file of one version, with an index from name to declaration for context and cross-references.
import type { SourceFile } from './corpus.ts';
import { type Declaration, type ParsedFile, SyntaxReader } from './declarations.ts';
import { repositoryOf } from './sources.ts';
import type { Snippet } from './templates.ts';

export interface ParsedPackage {
  repository: string;
  version: string;
  isLatest: boolean;
  heldOut: boolean;
  files: ParsedFile[];
  byName: Map<string, Declaration[]>;
}

export function parsePackages(sources: SourceFile[], reader: SyntaxReader): ParsedPackage[] {
  const packages = new Map<string, ParsedPackage>();
  for (const source of sources) {
    const key = `${source.package}@${source.version}`;
    let parsed = packages.get(key);
    if (parsed === undefined) {
      parsed = { repository: repositoryOf(source.package), version: source.version, isLatest: source.isLatest, heldOut: source.heldOut, files: [], byName: new Map() };
      packages.set(key, parsed);
    }
    const file = reader.read(source.path, source.text);
    parsed.files.push(file);
    for (const declaration of file.declarations) {
      const same = parsed.byName.get(declaration.name);
      if (same === undefined) parsed.byName.set(declaration.name, [declaration]);
      else same.push(declaration);
    }
  }
  return [...packages.values()];
}

/** The first lines of a declaration, without its doc comment: what a completion prompt shows of another file. */
export function headOf(declaration: Declaration, maxCharacters: number): Snippet {
  const text = declaration.text.replace(/^(\s*\/\*[\s\S]*?\*\/\s*|\s*\/\/[^\n]*\n)+/, '');
  if (text.length <= maxCharacters) return { path: declaration.path, text };
  const cut = text.lastIndexOf('\n', maxCharacters);
  return { path: declaration.path, text: text.slice(0, cut > 40 ? cut : maxCharacters) };
}
