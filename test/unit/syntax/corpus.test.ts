// The corpus of each language: what is read from source text, as lines that a person can check.
import { describe, expect, it } from 'vitest';
import type { Change, Declaration, FileVersions } from '../../../server/syntax/declaration.ts';
import { readCorpus } from '../../support/corpus.ts';
import type { CorpusCase } from '../../support/corpus.ts';
import { loadedSyntax } from '../../support/loadedSyntax.ts';

const syntax = await loadedSyntax();
const languages = ['typescript', 'javascript', 'python'];

function declarationLine(declaration: Declaration): string {
  const { kind, qualifiedName, signature, exported, parameters, returnType } = declaration;
  const details = [exported ? 'exported' : '', parameters.length > 0 ? `(${parameters.join('; ')})` : '', returnType === undefined ? '' : `-> ${returnType}`];
  return [`${kind} ${qualifiedName}`, signature, details.filter((detail) => detail !== '').join(' ')].filter((part) => part !== '').join(' | ');
}

function changeLine({ kind, before, after, changedLines }: Change): string {
  const name = before?.qualifiedName === after?.qualifiedName ? after?.qualifiedName : [before?.qualifiedName, after?.qualifiedName].filter(Boolean).join(' -> ');
  const paths = before && after && before.path !== after.path ? ` from ${before.path} to ${after.path}` : '';
  return `${kind} ${after?.kind ?? before?.kind} ${name}${paths}${changedLines.length === 0 ? '' : ` @${changedLines.join(',')}`}`;
}

function versionsOf({ sections }: CorpusCase): FileVersions[] {
  const files = new Map<string, { path: string; oldPath: string; before: string | null; after: string | null }>();
  for (const { name, text } of sections) {
    // `after src/b.ts was src/a.ts` is a file that git says was renamed.
    const [side, path = '', , oldPath = path] = name.split(' ');
    const file = files.get(oldPath) ?? { path: oldPath, oldPath, before: null, after: null };
    files.set(oldPath, side === 'before' ? { ...file, before: text } : { ...file, path, after: text });
  }
  return [...files.values()];
}

function checkSingle(language: string, name: string, read: (path: string, text: string) => string[]): void {
  describe(`${language} ${name}`, () => {
    it.each(readCorpus(language, name).map((entry) => [entry.title, entry] as const))('%s', (_, { sections, expected }) => {
      const [source] = sections;
      expect(read(source?.name ?? '', source?.text ?? '')).toEqual(expected);
    });
  });
}

for (const language of languages) {
  checkSingle(language, 'declarations', (path, text) => syntax.declarations(path, text).map(declarationLine));
  checkSingle(language, 'references', (path, text) =>
    syntax.references(path, text).map(({ name, isCall }) => (isCall ? `${name}()` : name)),
  );
  checkSingle(language, 'imports', (path, text) =>
    syntax.imports(path, text).map(({ specifier, names }) => [specifier, ...names.map(({ imported, local }) => (imported === local ? local : `${imported} as ${local}`))].join(' | ')),
  );
  checkSingle(language, 'maskable', (path, text) => {
    const [declaration] = syntax.declarations(path, text);
    if (declaration === undefined) return [];
    const { expressions, lines, blocks, body } = syntax.maskable(path, text, declaration);
    const shown = (kind: string, ranges: readonly { start: number; end: number }[]) =>
      ranges.map(({ start, end }) => `${kind} ${text.slice(start, end).replace(/\s+/g, ' ')}`);
    return [...shown('expression', expressions), ...shown('line', lines), ...shown('block', blocks), ...shown('body', body === null ? [] : [body])];
  });

  describe(`${language} changes`, () => {
    it.each(readCorpus(language, 'changes').map((entry) => [entry.title, entry] as const))('%s', (_, entry) => {
      expect(syntax.changes(versionsOf(entry)).map(changeLine)).toEqual(entry.expected);
    });
  });
}
