// `graft complete FILE:LINE:COLUMN` and `graft ask "…"`: the active version at work.
import { isAbsolute, join, relative, resolve } from 'node:path';
import { ask } from '../ask/ask.ts';
import { complete } from '../completion/complete.ts';
import type { RepositoryState } from '../git/commit.ts';
import { readTexts } from '../git/readTexts.ts';
import { nodeFiles } from '../host/nodeFiles.ts';
import { nearestVersion } from '../learning/nearestVersion.ts';
import { activeVersion } from '../store/activeVersion.ts';
import { readBranches } from '../store/branchFile.ts';
import { versionFolder } from '../store/versionFolder.ts';
import type { Workspace } from '../openWorkspace.ts';
import type { CommandContext } from './context.ts';
import { CommandError } from './errors.ts';
import type { CommandResult } from './output.ts';

export async function completeCommand(context: CommandContext, position: string, options: { readonly multiline: boolean; readonly base: boolean }): Promise<CommandResult> {
  const { path, line, column } = parsePosition(position);
  return context.withWorkspace(async (workspace) => {
    const root = workspace.repository.workTree ?? context.folder;
    const absolute = isAbsolute(path) ? path : resolve(path);
    if ((await nodeFiles.stat(absolute))?.kind !== 'file') throw new CommandError('noFile', `There is no file ${absolute}.`, { path: absolute });
    const text = await nodeFiles.readText(absolute);
    const texts = await headTexts(workspace);
    const version = options.base ? null : await servingVersion(workspace);
    const completion = await complete(
      workspace.opened.model,
      {
        repository: workspace.repository.name,
        path: relative(root, absolute).split('\\').join('/'),
        text,
        offset: offsetOf(text, line, column),
        textOf: (other) => texts.get(other),
        adapter: version === null ? null : await workspace.opened.model.loadAdapter(versionFolder(workspace.store, version)),
        multiline: options.multiline,
      },
      workspace.tools,
    );
    return { code: 0, document: { version, ...completion }, text: completion.kind === 'completion' ? completion.text : `no suggestion: ${completion.reason}` };
  });
}

export async function askCommand(context: CommandContext, question: string, options: { readonly base: boolean }): Promise<CommandResult> {
  return context.withWorkspace(async (workspace) => {
    const version = options.base ? null : await servingVersion(workspace);
    const adapter = version === null ? null : await workspace.opened.model.loadAdapter(versionFolder(workspace.store, version));
    const answer = await ask(workspace.opened.model, { repository: workspace.repository.name, question, adapter });
    return { code: 0, document: { version, ...answer }, text: `${answer.text}\n\n(${version === null ? 'base model' : `version ${version}`})` };
  });
}

/** The branch's active version; on a detached HEAD the nearest one. */
async function servingVersion({ repository, store, opened }: Workspace): Promise<string | null> {
  const modelHash = opened.model.info.hash;
  const state: RepositoryState = await repository.state();
  if (state.kind === 'onBranch' || state.kind === 'noCommits') return (await activeVersion(store, { branch: state.branch, modelHash })).manifest?.id ?? null;
  if (state.kind === 'busy') return null;
  return (await nearestVersion({ repository, store, modelHash, records: await readBranches(store), head: state.head }))?.version ?? null;
}

/** Files of HEAD that a prompt may quote, by path. */
async function headTexts({ repository, syntax }: Workspace): Promise<ReadonlyMap<string, string>> {
  const head = await repository.commit('HEAD');
  if (head === null) return new Map();
  return readTexts(repository, head.id, (path) => syntax.supports(path));
}

function parsePosition(text: string): { path: string; line: number; column: number } {
  const match = /^(.+):(\d+):(\d+)$/.exec(text);
  const [, path, line, column] = match ?? [];
  if (path === undefined) throw new CommandError('badPosition', `"${text}" is not FILE:LINE:COLUMN (both counted from 1).`, { text });
  return { path: join(path), line: Number(line), column: Number(column) };
}

function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n');
  if (line < 1 || line > lines.length || column < 1) throw new CommandError('badPosition', `The file has ${lines.length} lines; line ${line}, column ${column} is not in it.`);
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  return before + Math.min(column - 1, lines[line - 1]?.length ?? 0);
}
