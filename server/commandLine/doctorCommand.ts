// `graft doctor`: what works on this machine and in this repository, and what to do about what does not.
import { nodeFiles } from '../host/nodeFiles.ts';
import { createLinuxSandbox } from '../host/sandbox.ts';
import { log } from '../learning/review.ts';
import { findModel } from '../models/findModel.ts';
import type { CommandContext } from './context.ts';
import type { CommandResult } from './output.ts';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

export async function doctorCommand(context: CommandContext): Promise<CommandResult> {
  const findings: Finding[] = [];
  const check = async (what: string, look: () => Promise<string>): Promise<void> => {
    try {
      findings.push({ what, ok: true, detail: await look() });
    } catch (error) {
      findings.push({ what, ok: false, detail: error instanceof Error ? error.message : String(error) });
    }
  };
  await check('node', async () => `${process.version} on ${process.platform} ${process.arch}`);
  await check('model', async () => {
    const model = await findModel(nodeFiles, context.options.model, context.modelPlaces);
    return `${model.name} in ${model.folder}`;
  });
  await check('repository', async () => {
    const { repository } = await context.repository();
    const state = await repository.state();
    return `${repository.workTree ?? repository.gitDir}: ${state.kind === 'onBranch' ? `on ${state.branch}` : state.kind}`;
  });
  await check('engine', () => context.withWorkspace(async ({ opened }) => `${opened.model.info.engine}, ${(opened.model.info.parameters / 1e6).toFixed(1)} M parameters, context ${opened.model.info.contextTokens} tokens`));
  await check('sandbox', async () => {
    const containment = await createLinuxSandbox().checkContainment();
    if (containment.kind === 'contained') return `holds: ${containment.checks.join(', ')}`;
    throw new Error(containment.kind === 'leaks' ? `leaks: ${containment.failed.join(', ')}. No tests are run.` : `not available: ${containment.why}. Tests are not run; versions say so.`);
  });
  await check('versions', async () => {
    const { store } = await context.repository();
    const branches = await log(store, { modelHash: await context.modelHash() });
    return branches.length === 0 ? 'none yet' : branches.map(({ branch, active }) => `${branch}: ${active ?? 'base'}`).join(', ');
  });
  const failed = findings.some(({ ok }) => !ok);
  return { code: failed ? 1 : 0, document: { findings }, text: findings.map(({ what, ok, detail }) => `${ok ? 'ok  ' : 'FAIL'} ${what.padEnd(11)} ${detail}`).join('\n') };
}
