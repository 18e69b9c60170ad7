// `graft log`, `show` and `compare`: what was learnt, without starting an engine.
import Table from 'cli-table3';
import { compare, keptOfTraining, log, placeboRate, show, type BranchLog } from '../learning/review.ts';
import type { CommandContext } from './context.ts';
import { figure, shortId, signed } from './figures.ts';
import type { CommandResult } from './output.ts';

export async function logCommand(context: CommandContext, options: { readonly branch?: string }): Promise<CommandResult> {
  const { store } = await context.repository();
  const branches = await log(store, { modelHash: await context.modelHash(), ...(options.branch === undefined ? {} : { branch: options.branch }) });
  const placebo = await placeboRate(store);
  const text = branches.length === 0 ? 'Nothing has been learnt here yet. Run: graft learn' : [...branches.map(describeBranch), `placebos promoted: ${placebo.promoted} of ${placebo.tried}`].join('\n\n');
  return { code: 0, document: { branches, placebo }, text };
}

function describeBranch(branch: BranchLog): string {
  const table = plainTable(['', 'version', 'move', 'commits', 'gain on probes', 'tests', 'why']);
  for (const move of branch.moves) {
    const version = move.version;
    table.push([
      version !== null && version.id === branch.active ? '●' : '',
      version === null ? '' : version.id,
      move.kind,
      (move.commits ?? []).map(shortId).join(' '),
      version === null ? '' : figure(version.reward.dense),
      version === null ? '' : version.reward.tests.verdict,
      move.reason ?? '',
    ]);
  }
  return `${branch.branch}: ${branch.active === null ? 'the base model serves' : `version ${branch.active} serves`}\n${table.toString()}`;
}

export async function showCommand(context: CommandContext, version: string): Promise<CommandResult> {
  const { store } = await context.repository();
  const shown = await show(store, version);
  const { manifest, pairs, training, details } = shown;
  const { reward } = manifest;
  const losses = training.filter((line) => line.candidate === manifest.candidate).map((line) => line.loss);
  const lines = [
    `version ${manifest.id}${shown.serves.length > 0 ? `, serves ${shown.serves.join(', ')}` : ''}`,
    `  verdict    ${manifest.verdict.kind === 'promoted' ? 'promoted' : `rejected, ${manifest.verdict.reason}: ${manifest.verdict.explanation}`}`,
    `  parent     ${manifest.parent ?? 'the base model'}`,
    `  branch     ${manifest.branch}`,
    `  commits    ${manifest.commits.map(shortId).join(' ')}`,
    `  model      ${manifest.model.name} on ${manifest.engine}`,
    `  candidate  ${manifest.candidate}, seed ${manifest.seed}, ${keptOfTraining(manifest)}`,
    `  recipe     learning rate ${manifest.recipe.learningRate}, ${manifest.recipe.epochs} epochs, rank ${manifest.recipe.rank}, loss on ${manifest.recipe.loss}, replay ${manifest.recipe.replay}`,
    `  pairs      ${manifest.pairs.structural} structural, ${manifest.pairs.model} written by the model, ${manifest.pairs.replay} replayed`,
    `  loss       ${losses.length === 0 ? 'not recorded' : `${losses[0]?.toFixed(3)} to ${losses.at(-1)?.toFixed(3)} in ${losses.length} steps`}`,
    `  reward     ${signed(reward.value)}`,
    `  probes     ${figure(reward.dense)} nats per token on ${reward.probes} held-out probes`,
    `  tests      ${reward.tests.verdict}${reward.tests.informative > 0 ? `, ${reward.tests.before ?? '?'} to ${reward.tests.after ?? '?'} passes on ${reward.tests.informative} spans` : ''}${reward.tests.change === undefined ? '' : `, change of the pass share ${figure(reward.tests.change)}`}${reward.tests.note === undefined ? '' : ` (${reward.tests.note})`}`,
    `  retention  ${reward.retention === null ? 'not measured' : figure(reward.retention)}`,
    `  general    ${reward.generalLossChange === null ? 'not measured' : `${(100 * reward.generalLossChange).toFixed(2)} % change of loss on other code`}`,
    '',
    ...pairs.map((pair) => `  ${shown.struck.includes(pair.id) ? 'struck ' : ''}${String(pair['form']).padEnd(10)} ${String(pair['declaration'])} (${String(pair['writtenBy'])}) ${pair.path}`),
    ...details.leftOut.map(({ path, reason }) => `  left out   ${path}: ${reason}`),
    ...details.notes.map((note) => `  note       ${note}`),
    ...details.completions.flatMap(({ path, expected, before, after }) => ['', `  ${path}`, `    expected  ${oneLine(expected)}`, `    before    ${oneLine(before)}`, `    after     ${oneLine(after)}`]),
  ];
  return { code: 0, document: shown, text: lines.join('\n') };
}

export async function compareCommand(context: CommandContext, a: string, b: string): Promise<CommandResult> {
  const { store } = await context.repository();
  const comparison = await compare(store, { a, b });
  const table = plainTable(['', comparison.a.id, comparison.b.id]);
  const row = (name: string, read: (manifest: typeof comparison.a) => string) => table.push([name, read(comparison.a), read(comparison.b)]);
  row('parent', (manifest) => manifest.parent ?? 'base');
  row('commits', (manifest) => manifest.commits.map(shortId).join(' '));
  row('verdict', (manifest) => (manifest.verdict.kind === 'promoted' ? 'promoted' : manifest.verdict.reason));
  row('reward', (manifest) => signed(manifest.reward.value));
  row('probes', (manifest) => figure(manifest.reward.dense));
  row('tests', (manifest) => manifest.reward.tests.verdict);
  row('retention', (manifest) => (manifest.reward.retention === null ? 'none' : figure(manifest.reward.retention)));
  row('pairs', (manifest) => String(manifest.pairs.structural + manifest.pairs.model));
  const text = [
    table.toString(),
    `pairs only in ${comparison.a.id}: ${comparison.onlyInA.length}; only in ${comparison.b.id}: ${comparison.onlyInB.length}; common ancestor: ${comparison.commonAncestor ?? 'the base model'}`,
    'Each version is measured against its own parent: gains compare only where the parent is the same.',
  ].join('\n');
  return { code: 0, document: comparison, text };
}

function plainTable(head: string[]): InstanceType<typeof Table> {
  return new Table({ head, style: { head: [], border: [], compact: true }, chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' } });
}

function oneLine(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
