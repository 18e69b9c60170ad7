// Moves of a branch's pointer and of whole versions: rollback, reset, forget, strike and retrain, export, import.
import { resolve } from 'node:path';
import { forgetCommits, whatForgetTakes } from '../learning/forgetCommits.ts';
import { retrain } from '../learning/retrain.ts';
import { resolveVersion } from '../learning/review.ts';
import { activate, reset } from '../store/movePointer.ts';
import { exportVersion, importVersion } from '../store/transfer.ts';
import type { CommandContext } from './context.ts';
import { describeOutcome } from './learnCommand.ts';
import { shortId } from './figures.ts';
import type { CommandResult } from './output.ts';

export async function rollBackCommand(context: CommandContext, version: string, options: { readonly branch?: string }): Promise<CommandResult> {
  const opened = await context.repository();
  const branch = await context.branch(opened, options.branch);
  const id = await resolveVersion(opened.store, version);
  const line = await activate(opened.store, { branch, modelHash: await context.modelHash(), version: id, kind: 'rollBack' });
  return { code: 0, document: { branch, active: line.active, parent: line.parent }, text: `Version ${id} serves ${branch} now.` };
}

export async function resetCommand(
  context: CommandContext,
  options: { readonly branch?: string; readonly to: 'parent' | 'base'; readonly relearn: boolean },
): Promise<CommandResult> {
  const opened = await context.repository();
  const branch = await context.branch(opened, options.branch);
  const line = await reset(opened.store, { branch, modelHash: await context.modelHash(), to: options.to, relearn: options.relearn });
  const served = line.active === null ? 'The base model' : `Version ${line.active}`;
  return { code: 0, document: { branch, active: line.active, parent: line.parent, learntUpTo: line.learntUpTo }, text: `${served} serves ${branch} now. Nothing was deleted: "graft log" shows the versions, "graft rollback" brings one back.` };
}

export async function forgetCommand(context: CommandContext, options: { readonly commits: readonly string[]; readonly author?: string; readonly dryRun: boolean }): Promise<CommandResult> {
  const parts = await context.repository();
  if (options.dryRun) {
    const taken = await whatForgetTakes(parts, options);
    const text = [`Would forget ${taken.commits.map(shortId).join(' ')}: ${taken.versions.length} versions dropped. Nothing was changed.`, ...taken.rederive.map((each) => `${each.branch}: ${servesAfter(each)} would serve; ${each.commits.length} other commits would go with it.`)];
    return { code: 0, document: taken, text: text.join('\n') };
  }
  const forgotten = await forgetCommits(parts, options);
  const again = forgotten.rederive.map((each) => `${each.branch}: ${servesAfter(each)} serves; ${each.commits.length} other commits went with it. "graft learn" learns them again.`);
  return { code: 0, document: forgotten, text: [`Forgot ${forgotten.commits.map(shortId).join(' ')}: ${forgotten.versions.length} versions dropped.`, ...again].join('\n') };
}

function servesAfter({ from }: { readonly from: string | null }): string {
  return from === null ? 'the base model' : `version ${from}`;
}

export async function retrainCommand(
  context: CommandContext,
  version: string,
  options: { readonly strike: readonly string[]; readonly signal: AbortSignal },
): Promise<CommandResult> {
  return context.withWorkspace(async ({ learner, store }) => {
    const id = await resolveVersion(store, version);
    const outcome = await retrain(learner, { version: id, seed: context.options.seed, strike: options.strike }, { signal: options.signal });
    return { code: 0, document: outcome, text: describeOutcome(outcome) };
  });
}

export async function exportCommand(context: CommandContext, version: string, folder: string): Promise<CommandResult> {
  const { store } = await context.repository();
  const manifest = await exportVersion(store, { version: await resolveVersion(store, version), folder: resolve(folder) });
  return { code: 0, document: manifest, text: `Version ${manifest.id} is in ${resolve(folder)}: a PEFT adapter for ${manifest.model.name}.` };
}

export async function importCommand(context: CommandContext, folder: string): Promise<CommandResult> {
  const { store } = await context.repository();
  const manifest = await importVersion(store, { folder: resolve(folder), modelHash: await context.modelHash() });
  return { code: 0, document: manifest, text: `Version ${manifest.id} is here. Make it serve with: graft rollback ${manifest.id}` };
}
