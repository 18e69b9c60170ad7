// Typing key by key with the starter's own tokenizer and template: how much of each prompt the engine has read already at the key before.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { PromptMaker } from '../../server/completion/promptMaker.ts';
import { parseTokenizer } from '../../server/tokenizer/byteLevelTokenizer.ts';
import { templateFor } from '../../server/tokenizer/template.ts';
import { loadedSyntax } from '../support/loadedSyntax.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const tokenizer = parseTokenizer(readFileSync(`${root}models/starter/tokenizer.json`, 'utf8'));
const template = templateFor(tokenizer);

it('reads little more than the suffix again at a key', async () => {
  const path = 'server/syntax/contextSnippets.ts';
  const file = readFileSync(`${root}${path}`, 'utf8');
  const prompts = new PromptMaker(await loadedSyntax());
  const start = file.indexOf('candidates.sort(');
  const end = start + 400;
  let former: number[] = [];
  const read: number[] = [];
  for (let offset = start; offset < end; offset++) {
    const prefix = file.slice(0, offset);
    const suffix = file.slice(end);
    const document = { uri: path, path, repository: 'graft', folder: root, text: prefix + suffix, version: 1, languageId: 'typescript' };
    const position = { prefix, suffix, selectedText: '', range: { start: offset, end: offset }, documentOffset: offset };
    const prompt = prompts.make({ document, position, servedBy: '', countTokens: (text) => tokenizer.encode(text).length, textOf: sourceOf });
    const ids = template.renderPrompt(prompt, 768);
    let shared = 0;
    while (shared < ids.length && ids[shared] === former[shared]) shared++;
    read.push(ids.length - shared);
    former = ids;
  }
  const sorted = read.slice(1).sort((a, b) => a - b);
  // The suffix has 26 tokens at most, the word that is typed a few more.
  expect(sorted[Math.floor(sorted.length * 0.9)]).toBeLessThan(48);
  // A new window or new context every few lines.
  expect(sorted.filter((tokens) => tokens > 64).length / sorted.length).toBeLessThan(0.03);
});

function sourceOf(path: string): string | undefined {
  const file = `${root}${path}`;
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined;
}
