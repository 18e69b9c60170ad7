// Prompts of open documents, each held in place by its anchor while the user types. Owns the anchors.
import type { FimPrompt } from '../base/prompt.ts';
import { fimPrompt, servingShape, type PromptTools } from '../syntax/promptContext.ts';
import type { CompletionDocument } from './completionRequest.ts';
import { importHead } from './importHead.ts';
import type { Position } from './position.ts';
import { anchoredPrompt, type Anchor } from './promptAnchor.ts';

export interface PromptWanted {
  readonly document: CompletionDocument;
  readonly position: Position;
  readonly textOf: (path: string) => string | undefined;
  readonly servedBy: string;
  readonly countTokens: (text: string) => number;
}

const noSyntax: PromptTools['syntax'] = { imports: () => [], declarations: () => [] };
const rememberedAnchors = 16;
/** Once per text of an imported file it is parsed, which a key has to wait for. */
const longestImported = 100_000;
const rememberedLines = 2000;

export class PromptMaker {
  private readonly syntax: PromptTools['syntax'];
  /** Tokens of lines: a prompt is measured line by line at each key, and all lines but one are those of the key before. */
  private tokens = new Map<string, number>();
  /** By document and what serves it. */
  private readonly anchors = new Map<string, Anchor>();

  constructor(syntax: PromptTools['syntax']) {
    this.syntax = { imports: (path, text) => syntax.imports(path, importHead(text)), declarations: (path, text) => (text.length > longestImported ? [] : syntax.declarations(path, text)) };
  }

  make({ document: { uri, path, repository }, position: { prefix, suffix }, textOf, servedBy, countTokens: count }: PromptWanted): FimPrompt {
    const countTokens = (text: string): number => this.counted(text, count);
    const key = `${uri}\0${servedBy}`;
    const text = prefix + suffix;
    const offset = prefix.length;
    const request = { repository, path, text, masked: { start: offset, end: offset }, textOf };
    const withSyntax = (syntax: PromptTools['syntax']): FimPrompt => fimPrompt(request, { syntax, countTokens, shape: servingShape });
    const line = prefix.split('\n').length - 1;
    const { prompt, anchor } = anchoredPrompt(this.anchors.get(key) ?? null, { prompt: withSyntax(noSyntax), text, offset, line }, { freshContext: () => withSyntax(this.syntax).context, countTokens });
    this.anchors.delete(key);
    this.anchors.set(key, anchor);
    for (const oldest of this.anchors.keys()) {
      if (this.anchors.size <= rememberedAnchors) break;
      this.anchors.delete(oldest);
    }
    return prompt;
  }

  private counted(text: string, count: (text: string) => number): number {
    const known = this.tokens.get(text);
    if (known !== undefined) return known;
    if (this.tokens.size >= rememberedLines) this.tokens = new Map();
    const tokens = count(text);
    this.tokens.set(text, tokens);
    return tokens;
  }

  forget(uri: string): void {
    for (const key of this.anchors.keys()) if (key.startsWith(`${uri}\0`)) this.anchors.delete(key);
  }
}
