// Reads grammars/<language>/corpus/*.txt: cases as data, so that a language is added without touching a test.
// A case is `=== title`, then sections `--- name`, whose text runs to the next section.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface CorpusSection {
  /** What follows `--- `: a path, `before PATH`, `expect`. */
  readonly name: string;
  readonly text: string;
}

export interface CorpusCase {
  readonly title: string;
  readonly sections: readonly CorpusSection[];
  /** Lines of the section `expect`. */
  readonly expected: readonly string[];
}

export function readCorpus(language: string, name: string): CorpusCase[] {
  const path = fileURLToPath(new URL(`../../grammars/${language}/corpus/${name}.txt`, import.meta.url));
  return readFileSync(path, 'utf8')
    .split(/^=== /m)
    .slice(1)
    .map((block) => {
      const [head = '', ...rest] = block.split(/^--- /m);
      const sections = rest.map((section) => {
        const lineEnd = section.indexOf('\n');
        return { name: section.slice(0, lineEnd).trim(), text: section.slice(lineEnd + 1) };
      });
      const expected = sections.find((section) => section.name === 'expect')?.text ?? '';
      return { title: head.trim(), sections: sections.filter((section) => section.name !== 'expect'), expected: expected.split('\n').filter((line) => line.trim() !== '') };
    });
}
