// Learn now, pause, resume, cancel.
import type { Server } from '../connection/server.ts';
import { sayDone, type Command } from './command.ts';
import type { Picker } from './pick.ts';

export function learnCommands(server: Server, pick: Picker): Record<string, Command> {
  const asks = (action: 'now' | 'pause' | 'resume' | 'cancel'): Command => async (target) => sayDone(await server.request('learn', { folder: await pick.folder(target), action }));
  return { 'graft.learnNow': asks('now'), 'graft.pause': asks('pause'), 'graft.resume': asks('resume'), 'graft.cancel': asks('cancel') };
}
