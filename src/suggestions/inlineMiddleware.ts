// Sees every inline completion on its way from the server to the editor, to know which one is shown. It changes none.
import type { CancellationToken, InlineCompletionContext, InlineCompletionItem, InlineCompletionList, Position, ProviderResult, TextDocument } from 'vscode';
import type { ShownSuggestion } from './partialAccepts.ts';

export interface ShownSuggestions {
  show(suggestion: ShownSuggestion): void;
}

type Provided = ProviderResult<InlineCompletionItem[] | InlineCompletionList>;
type Provide = (document: TextDocument, position: Position, context: InlineCompletionContext, token: CancellationToken) => Provided;

export function createInlineMiddleware(suggestions: ShownSuggestions) {
  return {
    provideInlineCompletionItems: async (document: TextDocument, position: Position, context: InlineCompletionContext, token: CancellationToken, next: Provide) => {
      const provided = await next(document, position, context, token);
      const items = Array.isArray(provided) ? provided : provided?.items;
      const [first] = items ?? [];
      const id: unknown = first?.command?.arguments?.[0];
      if (first !== undefined && typeof id === 'string' && typeof first.insertText === 'string' && !token.isCancellationRequested) {
        const start = first.range?.start ?? position;
        const startOffset = document.offsetAt(start);
        suggestions.show({ id, uri: document.uri.toString(), text: first.insertText, startOffset, consumed: Math.max(0, document.offsetAt(position) - startOffset) });
      }
      return provided;
    },
  };
}
