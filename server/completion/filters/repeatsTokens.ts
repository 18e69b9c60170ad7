// Post-filter: a small model that has lost its way writes one piece over and over ("foo.foo.foo.foo").
import { lexicalTokens } from '../lexicalTokens.ts';
import type { Filtered } from './postFilter.ts';

const turns = 4;
const longestPiece = 6;

export function repeatsTokens(text: string): Filtered {
  const tokens = lexicalTokens(text).filter((token) => token.trim() !== '');
  for (let piece = 1; piece <= longestPiece; piece++) {
    for (let at = 0; at + piece * turns <= tokens.length; at++) {
      const repeated = tokens.slice(at, at + piece);
      // Closing brackets in a row are code.
      if (!repeated.some((token) => /[\p{L}\p{N}]/u.test(token))) continue;
      if (Array.from({ length: piece * (turns - 1) }, (_, step) => tokens[at + piece + step] === repeated[step % piece]).every(Boolean)) return { reason: 'repeatsTokens' };
    }
  }
  return { text };
}
