// Names of the server's methods, checked against the protocol by type alone: importing the protocol's values would load zod at start-up (30 ms).
import type { assistantRequests, editorNotifications, serverNotifications } from '../../server/protocol/assistant.ts';

type Requests = typeof assistantRequests;
type Notifications = typeof editorNotifications;

export const requestMethods = {
  status: 'graft/getStatus',
  tree: 'graft/tree',
  review: 'graft/review',
  compare: 'graft/compare',
  log: 'graft/log',
  doctor: 'graft/doctor',
  learn: 'graft/learn',
  activate: 'graft/activate',
  whatResetLoses: 'graft/whatResetLoses',
  reset: 'graft/reset',
  retrain: 'graft/retrain',
  whatForgetTakes: 'graft/whatForgetTakes',
  forget: 'graft/forget',
  exportVersion: 'graft/export',
  importVersion: 'graft/import',
  models: 'graft/models',
  ask: 'graft/ask',
  explain: 'graft/explain',
  feedback: 'graft/feedback',
  mergedBranches: 'graft/mergedBranches',
} as const satisfies { [R in keyof Requests]: Requests[R]['method'] };

export const notificationMethods = {
  didShowCompletion: 'graft/didShowCompletion',
  didPartiallyAcceptCompletion: 'graft/didPartiallyAcceptCompletion',
  didAcceptCompletion: 'graft/didAcceptCompletion',
  repositoryMoved: 'graft/repositoryMoved',
  trustGranted: 'graft/trustGranted',
} as const satisfies { [N in keyof Notifications]: Notifications[N]['method'] };

export const serverMethods: typeof serverNotifications = { status: 'graft/status', tell: 'graft/tell', storeChanged: 'graft/storeChanged' };

export type EditorNotification = keyof typeof notificationMethods;
