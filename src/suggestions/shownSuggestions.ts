// The suggestion that is on the screen, followed through edits: tells the server what was shown, taken in part, taken whole.
import { commands, workspace, type Disposable } from 'vscode';
import type { Server } from '../connection/server.ts';
import type { ShownSuggestions } from './inlineMiddleware.ts';
import { afterEdit, afterShow, type ShownSuggestion } from './partialAccepts.ts';

/** The protocol's `acceptedCommand`, checked by the tests: importing the value would load zod at start-up. */
export const acceptedCommandId = 'graft.completionAccepted';

export interface FollowedSuggestions extends ShownSuggestions, Disposable {
  /** The last one shown, accepted or not; what "explain" is about. */
  readonly last: string | null;
}

export function followSuggestions(server: Pick<Server, 'notify'>): FollowedSuggestions {
  let shown: ShownSuggestion | null = null;
  let last: string | null = null;
  const edits = workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (shown === null || document.uri.toString() !== shown.uri || contentChanges.length === 0) return;
    const [first, ...more] = contentChanges;
    if (first === undefined || more.length > 0) {
      shown = null;
      return;
    }
    const { id } = shown;
    const after = afterEdit(shown, { uri: shown.uri, rangeOffset: first.rangeOffset, rangeLength: first.rangeLength, text: first.text });
    shown = after.shown;
    if (after.acceptedLength !== null) server.notify('didPartiallyAcceptCompletion', { completion: id, acceptedLength: after.acceptedLength });
  });
  const accepted = commands.registerCommand(acceptedCommandId, (id: unknown) => {
    shown = null;
    if (typeof id === 'string') server.notify('didAcceptCompletion', { completion: id });
  });
  return {
    get last() {
      return last;
    },
    show: (suggestion) => {
      const after = afterShow(shown, suggestion);
      if (after.isNews) server.notify('didShowCompletion', { completion: suggestion.id });
      shown = after.shown;
      last = suggestion.id;
    },
    dispose: () => {
      edits.dispose();
      accepted.dispose();
    },
  };
}
