// What the status bar's menu offers in each state. Pure: titles and command ids.
import type { ServerState } from '../connection/serverState.ts';
import { isPausedByUser } from '../views/contextKeys.ts';

export interface MenuItem {
  readonly label: string;
  readonly command: string;
}

const item = (icon: string, words: string, command: string): MenuItem => ({ label: `$(${icon}) ${words}`, command: `graft.${command}` });
const log = item('output', 'Show Log', 'showLog');
const settings = item('settings-gear', 'Open Settings', 'openSettings');
const walkthrough = item('book', 'Open Walkthrough', 'openWalkthrough');

export function menuItems(state: ServerState): MenuItem[] {
  if (state.kind === 'off' || (state.kind === 'running' && state.status.mode === 'off')) return [item('circle-filled', 'Turn Graft On', 'turnOn'), settings, log, walkthrough];
  const off = item('circle-slash', 'Turn Graft Off', 'turnOff');
  if (state.kind === 'stopped') return [item('debug-restart', 'Restart the Language Server', 'restartServer'), log, settings, off];
  if (state.kind !== 'running') return [log, settings, off];
  const { mode, repositories, model } = state.status;
  const always = [item('chip', 'Choose Model…', 'chooseModel'), item('pulse', 'Doctor', 'doctor'), log, settings, item('debug-restart', 'Restart the Language Server', 'restartServer'), walkthrough, off];
  const asking = model.kind === 'ready' ? [item('comment', 'Ask About This Codebase…', 'ask'), item('question', 'Explain the Last Suggestion', 'explainSuggestion')] : [];
  if (mode === 'untrusted') return [item('shield', 'Manage Workspace Trust', 'manageTrust'), ...asking, ...always];
  if (repositories.length === 0) return [...asking, ...always];
  const learning = repositories.some((repository) => repository.learning.kind === 'learning');
  const paused = repositories.filter(isPausedByUser).length;
  return [
    learning ? item('debug-stop', 'Cancel the Learning That Runs', 'cancel') : item('play', 'Learn Now', 'learnNow'),
    ...(paused < repositories.length ? [item('debug-pause', 'Pause Learning', 'pause')] : []),
    ...(paused > 0 ? [item('debug-continue', 'Resume Learning', 'resume')] : []),
    item('versions', 'Show Versions', 'showVersions'),
    item('open-preview', 'Review What a Commit Taught', 'reviewCommit'),
    item('discard', 'Roll Back to a Version', 'rollBack'),
    item('clear-all', 'Reset Branch to the Base Model', 'resetBranchToBase'),
    ...asking,
    ...always,
  ];
}
