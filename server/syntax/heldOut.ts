// Which declarations are kept out of training for good: one in five, by a hash of what they are, so that every machine,
// branch and cycle agrees without a list. White space, comments and the file's name do not count.
import { sha256 } from '../base/hash.ts';
import type { TextRange } from '../base/textRange.ts';
import type { Declaration } from './declaration.ts';
import { normalisedCode } from './normalisedCode.ts';

/**
 * Classes are never held out whole: their members are, one by one (else a method's share would be 0.36, not 0.2).
 * Take `heldOutRanges` out of a class before teaching it.
 */
export function isHeldOut(declaration: Declaration): boolean {
  if (declaration.kind === 'class') return false;
  const hash = sha256(`${declaration.kind}\0${declaration.name}\0${normalisedCode(declaration.path, bodyText(declaration))}`);
  return Number.parseInt(hash.slice(0, 8), 16) % 5 === 0;
}

/** Ranges of a file that no pair may show, from all the declarations of that file. */
export function heldOutRanges(declarations: readonly Declaration[]): TextRange[] {
  return declarations.filter(isHeldOut).map((declaration) => declaration.range);
}

function bodyText(declaration: Declaration): string {
  const { body, range, text } = declaration;
  return body === undefined ? text : text.slice(body.start - range.start, body.end - range.start);
}
