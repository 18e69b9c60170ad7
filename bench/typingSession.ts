// Editing as it is recorded: a few lines taken out of a real file and typed again, key by key, with the editor's own indentation after Enter.
// Seeded. Lines of prose (comments) are not typed: what is measured is code.
import { present } from '../server/base/assert.ts';
import type { Random } from '../server/base/random.ts';

export interface TypingSession {
  readonly path: string;
  readonly before: string;
  readonly typed: string;
  readonly after: string;
}

export interface Keystroke {
  readonly text: string;
  readonly offset: number;
  /** What is still to be typed on the line; '' at its end. */
  readonly restOfLine: string;
  /** All that is still to be typed. */
  readonly rest: string;
  /** How often people pause here: after punctuation 10, at the end of a name 8, inside a word 1 (facts of the field). */
  readonly weight: number;
}

const linesTyped = { least: 3, most: 7 };

export function typingSessions(files: ReadonlyMap<string, string>, count: number, random: Random): TypingSession[] {
  const blocks = [...files].flatMap(([path, text]) => blocksOf(path, text));
  const sessions: TypingSession[] = [];
  for (let turn = 0; turn < count && blocks.length > 0; turn++) {
    const { path, lines, first, last } = random.pick(blocks);
    const wanted = linesTyped.least + random.int(linesTyped.most - linesTyped.least + 1);
    const from = first + random.int(Math.max(1, last - first - wanted + 1));
    const to = Math.min(last, from + wanted);
    const indentation = /^\s*/.exec(lines[from] ?? '')?.[0] ?? '';
    const before = [...lines.slice(0, from), indentation].join('\n');
    sessions.push({ path, before, typed: lines.slice(from, to).join('\n').slice(indentation.length), after: ['', ...lines.slice(to)].join('\n') });
  }
  return sessions;
}

/** Runs of lines of code without blank ones, at least three. */
function blocksOf(path: string, text: string) {
  const lines = text.split('\n');
  const blocks: { path: string; lines: readonly string[]; first: number; last: number }[] = [];
  let first = 0;
  for (let line = 0; line <= lines.length; line++) {
    if (line < lines.length && isTyped(present(lines[line]))) continue;
    if (line - first >= linesTyped.least) blocks.push({ path, lines, first, last: line });
    first = line + 1;
  }
  return blocks;
}

function isTyped(line: string): boolean {
  const code = line.trim();
  return code !== '' && line.length <= 160 && !/^(\/\/|\/\*|\*|#)/.test(code);
}

/** The states after each key: a character, or a new line with its indentation. */
export function keystrokesOf({ before, typed, after }: TypingSession): Keystroke[] {
  const ends: number[] = [0];
  for (let end = 1; end <= typed.length; end++) {
    if (typed[end - 1] === '\r') continue;
    // Enter brings the next line's indentation along.
    if (typed[end - 1] === '\n' || /^[ \t]+$/.test(typed.slice(typed.lastIndexOf('\n', end - 1) + 1, end))) {
      if (/[ \t]/.test(typed[end] ?? '')) continue;
    }
    ends.push(end);
  }
  return ends.map((end) => {
    const rest = typed.slice(end);
    const written = before + typed.slice(0, end);
    return { text: written + after, offset: written.length, rest, restOfLine: rest.split(/\r?\n/, 1)[0] ?? '', weight: weightAt(written, rest) };
  });
}

function weightAt(written: string, rest: string): number {
  const line = written.slice(written.lastIndexOf('\n') + 1);
  if (line.trim() === '') return 10;
  const [last = '', next = ''] = [written.at(-1), rest[0]];
  if (!/[\p{L}\p{N}_$]/u.test(last)) return 10;
  return /[\p{L}\p{N}_$]/u.test(next) ? 1 : 8;
}

/** Each kept with a chance by its weight, so that those kept count alike. */
export function sampledKeystrokes(keystrokes: readonly Keystroke[], share: number, random: Random): Keystroke[] {
  return keystrokes.filter(({ weight, restOfLine }) => random.next() < (share * weight) / 10 && restOfLine.trim() !== '');
}
