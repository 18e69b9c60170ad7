// What a file's content gives away: machine-made code, and what is no text at all.
import type { FilterFile } from './filterFile.ts';
import type { Refusal } from './refusal.ts';

export function refuseContent(content: FilterFile['content'], textLimit: number): Refusal | null {
  switch (content.kind) {
    case 'binary':
      return { reason: 'binary', detail: 'the content is binary' };
    case 'tooLarge':
      return { reason: 'tooLarge', detail: 'the file is over the size limit' };
    case 'missing':
      return { reason: 'notReadable', detail: 'the file is not in the clone' };
    case 'text':
      if (content.text.length > textLimit) return { reason: 'tooLarge', detail: `the file has over ${textLimit.toLocaleString('en')} characters` };
      if (content.lossy) return { reason: 'notReadable', detail: 'the text is not UTF-8' };
      return refuseText(content.text);
  }
}

function refuseText(text: string): Refusal | null {
  const header = headerComment(text);
  if (generatedHeader.test(header)) return { reason: 'generated', detail: 'a comment at the top says that the file is generated' };
  if (/^\/\/# sourceMappingURL=/m.test(text.slice(-500))) return { reason: 'generated', detail: 'the file ends with a source map' };
  if (isMinified(text)) return { reason: 'minified', detail: 'most of the text is on very long lines' };
  return null;
}

/** Where a line of the header begins so, after comment signs: prose that speaks of generated things does not count. */
const generatedHeader = new RegExp(
  [
    /@generated\b/,
    /\bcode generated\b.*\bdo not (?:edit|modify)\b/,
    /^\W*do not (?:edit|modify)(?: this file)?(?: (?:manually|by hand|directly))?[.!:;\s*-]*$/,
    /^\W*(?:th(?:is|e) (?:file|code|module|document|script) (?:is|was|has been) )?(?:auto(?:matically)?[- ]?)?generated (?:automatically|by|from|with|using)\b/,
    /^\W*th(?:is|e) (?:file|code|module|document|script) (?:is|was|has been) (?:auto(?:matically)?[- ]?)?generated\b/,
    /^\W*auto(?:matically)?[- ]?generated\b(?! (?:code|files?)\b)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'im',
);

/** The comments before the first line of code, at most 40 lines: deeper down the words speak of something else. */
function headerComment(text: string): string {
  const lines: string[] = [];
  let inBlock = false;
  for (const line of text.slice(0, 8_000).split('\n', 40)) {
    const trimmed = line.trim();
    const opens = trimmed.startsWith('/*') || /^(?:"""|''')/.test(trimmed);
    if (!inBlock && !opens && trimmed !== '' && !/^(?:\/\/|#|'use |"use )/.test(trimmed)) break;
    lines.push(trimmed);
    if (opens) inBlock = true;
    if (/\*\/|.+(?:"""|''')$/.test(trimmed) || (inBlock && !opens && /(?:"""|''')$/.test(trimmed))) inBlock = false;
  }
  return lines.join('\n');
}

const longLine = 1_000;

function isMinified(text: string): boolean {
  if (text.length < longLine) return false;
  let inLongLines = 0;
  for (const line of text.split('\n')) if (line.length > longLine) inLongLines += line.length;
  return inLongLines > text.length / 2;
}
