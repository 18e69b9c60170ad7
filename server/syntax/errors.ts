// Where a parse went wrong, and where comments are. Walks only the parts of the tree that can hold what it looks for.
import type { Node } from 'web-tree-sitter';
import type { TextRange } from '../base/textRange.ts';
import type { Parsed } from './parsers.ts';

export function errorsOf({ root }: Parsed): TextRange[] {
  const found: TextRange[] = [];
  // A stack of its own: trees can be deeper than JavaScript's.
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!node.hasError) continue;
    if (node.isError || node.isMissing) found.push({ start: node.startIndex, end: node.endIndex });
    else for (const child of node.children.toReversed()) waiting.push(child);
  }
  return found;
}

export function commentsOf({ root }: Parsed): TextRange[] {
  return root
    .descendantsOfType(['comment', 'html_comment'])
    .map((node) => ({ start: node.startIndex, end: node.endIndex }))
    .sort((a, b) => a.start - b.start);
}
