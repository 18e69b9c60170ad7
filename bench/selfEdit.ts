// What the starter model's own self-edits are worth on packages that it never read: how much parses, how much is grounded, how many
// distinct pairs a candidate gets. Each sampled set of changes between two releases stands for a commit, with K - 1 candidates as in a cycle. A cycle guides
// the model to names that exist, so its grounded share is partly the guide's: the share without a guide stands beside it.
import { fileURLToPath } from 'node:url';
import { writtenForms, type Generated, type GenerateItem, type WrittenForm } from '../server/base/prompt.ts';
import { Random } from '../server/base/random.ts';
import { nodeFiles } from '../server/host/nodeFiles.ts';
import { installationAt, userCacheFolder } from '../server/installation.ts';
import { openModel } from '../server/openModel.ts';
import type { CommitMaterial } from '../server/selfEdit/commitMaterial.ts';
import type { SelfEdit } from '../server/selfEdit/pair.ts';
import { defaultRecipe } from '../server/selfEdit/recipe.ts';
import { structuralSelfEdit } from '../server/selfEdit/structuralSelfEdit.ts';
import { writableChanges } from '../server/selfEdit/writePlan.ts';
import { writeSelfEdits, type Writer } from '../server/selfEdit/writeSelfEdits.ts';
import { loadSyntax } from '../server/syntax/loadSyntax.ts';
import { servingShape } from '../server/syntax/promptContext.ts';
import { unseenPackages, type UnseenPackage } from './unseenPackages.ts';

const commitsPerPackage = 2;
const changesPerCommit = 4;
const candidates = 3;
const budgetTokens = 4000;
const notKept = new Set(['unparsable', 'empty', 'tooLong']);
const notGrounded = new Set([...notKept, 'notGrounded', 'oldCode', 'notCode']);

interface FormCount {
  asked: number;
  parsed: number;
  grounded: number;
}

export async function selfEdit({ seed = 1 }: { readonly seed?: number } = {}) {
  const packages = await unseenPackages(fileURLToPath(new URL('../starter/corpus.json', import.meta.url)));
  const installation = installationAt(fileURLToPath(new URL('..', import.meta.url)));
  const syntax = await loadSyntax(nodeFiles, installation.syntax);
  const opened = await openModel({ installation, cacheFolder: userCacheFolder(), workingFolder: process.cwd() });
  const { model } = opened;
  const byForm = new Map<WrittenForm, FormCount>(writtenForms.map((form) => [form, { asked: 0, parsed: 0, grounded: 0 }]));
  const commits: { name: string; edits: SelfEdit[]; recipesRead: number; seconds: number }[] = [];
  const unguided: SelfEdit[] = [];
  try {
    for (const [index, unseen] of packages.entries()) {
      for (let turn = 0; turn < commitsPerPackage; turn++) {
        const random = new Random(seed).fork(`${unseen.name} ${turn}`);
        const material = sampledCommit(unseen, turn, syntax.changes(unseen.versions), random);
        const tools = { syntax, shape: servingShape, countTokens: (text: string) => model.countTokens(text) };
        const structural = structuralSelfEdit(material, { tools, budgetTokens, recipe: defaultRecipe, seed });
        const startedMs = performance.now();
        const options = { tools, count: candidates, policy: null, seed: seed * 1000 + index * 10 + turn };
        const edits = await writeSelfEdits(material, structural, countingWriter(model, byForm), options);
        for (const edit of edits) countByForm(edit, byForm);
        commits.push({ name: `${unseen.name} ${unseen.from}..${unseen.to} ${turn}`, edits, recipesRead: edits.filter((edit) => edit.recipeText !== undefined).length, seconds: (performance.now() - startedMs) / 1000 });
        unguided.push(...(await writeSelfEdits(material, structural, withoutGuide(model), options)));
      }
    }
  } finally {
    opened.dispose();
    syntax.dispose();
  }
  const figures = { ...figuresOf(commits.flatMap((commit) => commit.edits), byForm), groundedShareUnguided: shareOf(unguided, 'grounded') };
  return { figures, details: { model: model.info.name, hash: model.info.hash, commits: commits.map(({ edits, ...commit }) => ({ ...commit, edits: edits.map(detailsOf) })) } };
}

/** A few changes of a release, as one commit would have. */
function sampledCommit(unseen: UnseenPackage, turn: number, changes: CommitMaterial['changes'], random: Random): CommitMaterial {
  const telling = writableChanges(changes).filter((change) => (change.after?.text.length ?? change.before?.text.length ?? 0) >= 40);
  return { repository: unseen.name, commit: `${unseen.to}-${turn}`, changes: random.shuffled(telling).slice(0, changesPerCommit), versions: unseen.versions, files: unseen.files, keptOut: { probes: [], spans: [] } };
}

function countingWriter(model: Writer, byForm: ReadonlyMap<WrittenForm, FormCount>): Writer {
  return {
    generate(items: readonly GenerateItem[]): Promise<Generated[]> {
      for (const { prompt } of items) {
        const count = prompt.kind === 'selfEdit' && prompt.form !== undefined ? byForm.get(prompt.form) : undefined;
        if (count !== undefined) {
          count.asked++;
          count.parsed++;
          count.grounded++;
        }
      }
      return model.generate(items);
    },
  };
}

function withoutGuide(model: Writer): Writer {
  return { generate: (items) => model.generate(items.map(({ names: _names, ...item }) => item)) };
}

/** Everything asked for counts as parsed and grounded until it is among the dropped. */
function countByForm(edit: SelfEdit, byForm: ReadonlyMap<WrittenForm, FormCount>): void {
  for (const { form, reason } of edit.dropped) {
    const count = byForm.get(form as WrittenForm);
    if (count === undefined) continue;
    if (notKept.has(reason)) count.parsed--;
    if (notGrounded.has(reason)) count.grounded--;
  }
}

function figuresOf(edits: readonly SelfEdit[], byForm: ReadonlyMap<WrittenForm, FormCount>): Record<string, number> {
  const distinct = edits.map((edit) => edit.written?.distinct ?? 0).sort((a, b) => a - b);
  const figures: Record<string, number> = {
    groundedShare: shareOf(edits, 'grounded'),
    parsedShare: shareOf(edits, 'parsed'),
    // The fewest that any candidate got: the bar holds for each.
    distinctPairs: distinct[0] ?? 0,
    distinctPairsMedian: distinct[Math.floor(distinct.length / 2)] ?? 0,
    structuralOnlyShare: edits.filter((edit) => edit.origin === 'structuralOnly').length / edits.length,
    recipeShare: edits.filter((edit) => edit.recipeText !== undefined).length / edits.length,
    asked: total(edits, 'asked'),
    candidates: edits.length,
  };
  for (const [form, count] of byForm) {
    if (count.asked === 0) continue;
    figures[`groundedShare.${form}`] = count.grounded / count.asked;
    figures[`parsedShare.${form}`] = count.parsed / count.asked;
  }
  return figures;
}

type Count = keyof NonNullable<SelfEdit['written']>;

function total(edits: readonly SelfEdit[], count: Count): number {
  return edits.reduce((sum, { written }) => sum + (written?.[count] ?? 0), 0);
}

/** Of what was asked for. */
function shareOf(edits: readonly SelfEdit[], count: Count): number {
  return total(edits, count) / total(edits, 'asked');
}

function detailsOf(edit: SelfEdit) {
  const own = edit.pairs.filter((pair) => pair.writtenBy === 'model' && pair.example.prompt.kind === 'question');
  return {
    origin: edit.origin,
    written: edit.written,
    recipe: edit.recipeText ?? null,
    pairs: own.map(({ form, example: { prompt, answer } }) => ({ form, question: prompt.kind === 'question' ? prompt.question : '', answer })),
    dropped: edit.dropped.filter(({ form }) => (writtenForms as readonly string[]).includes(form)),
  };
}
