// graft/review: everything that is known of one version, for the page that reviews it.
import { present } from '../../base/assert.ts';
import { olderKnowledge } from '../../learning/olderKnowledge.ts';
import { keptOfTraining, resolveVersion, show } from '../../learning/review.ts';
import { changesWait, whyNotRetrained } from '../../learning/retrain.ts';
import { readPairs } from '../../learning/storedItems.ts';
import type { Review, ReviewedPair } from '../../protocol/assistant.ts';
import type { Pair } from '../../selfEdit/pair.ts';
import { lineOf, readBranch } from '../../store/branchFile.ts';
import type { Manifest } from '../../store/version.ts';
import type { RepositoryHost } from '../repositories/repositoryHost.ts';
import { reviewedBranch } from '../repositories/reviewedBranch.ts';
import { whyNotHere } from './retrain.ts';

/** Of a fill-in-the-middle prompt, so much around the gap. */
const contextCharacters = 400;

export interface ReviewRequest {
  readonly version: string;
  readonly branch: string | undefined;
  /** Null: the model is not open yet; then it is taken for the one that the version was made with. */
  readonly modelHash: string | null;
}

export async function review(host: Pick<RepositoryHost, 'opened' | 'folder' | 'branch' | 'subjects'>, { version, branch: asked, modelHash }: ReviewRequest): Promise<Review> {
  const { store, repository } = host.opened;
  const shown = await show(store, await resolveVersion(store, version));
  const { manifest, details } = shown;
  const { reward } = manifest;
  const struck = new Set(shown.struck);
  const heads = (await repository.branches()).map(({ head }) => head);
  const subjects = await host.subjects.of(manifest.commits, heads);
  const older = await olderKnowledge(store, manifest.id, new Set());
  const branch = await reviewedBranch(store, manifest, { asked, checkedOut: host.branch });
  const activeOf = async (name: string, hash: string): Promise<string | null> => lineOf(await readBranch(store, name), hash).active;
  const refused = whyNotHere(manifest, branch) ?? whyNotRetrained(manifest, await activeOf(manifest.branch, modelHash ?? manifest.model.hash));
  return {
    folder: host.folder,
    version: manifest.id,
    parent: manifest.parent,
    branch,
    learntOn: manifest.branch,
    active: (await activeOf(branch, manifest.model.hash)) === manifest.id,
    retrain: { refused, waiting: await changesWait(store, shown.pairs) },
    commits: manifest.commits.map((id) => ({ id, subject: subjects.get(id) ?? '' })),
    verdict:
      manifest.verdict.kind === 'promoted'
        ? { promoted: true, reason: 'promoted', explanation: 'It passed every gate: the gain on held-out probes is above chance for two seeds, and nothing older was lost.' }
        : { promoted: false, reason: manifest.verdict.reason, explanation: manifest.verdict.explanation },
    candidate: manifest.candidate,
    recipe: recipeRows(manifest),
    pairs: readPairs(shown.pairs).map((pair) => reviewedPair(pair, struck)),
    leftOut: details.leftOut.map(({ path, reason }) => ({ path, reason })),
    dropped: details.dropped.map(({ form, text, reason }) => ({ form, text, reason })),
    losses: shown.training.filter(({ candidate }) => candidate === manifest.candidate).map(({ loss }) => loss),
    probes: { count: reward.probes, ...reward.dense },
    tests: { ...reward.tests, note: reward.tests.note ?? null, trials: reward.tests.trials ?? null, change: reward.tests.change ?? null },
    retention: reward.retention,
    generalLossChange: reward.generalLossChange,
    retentionOverTime: older.manifests
      .filter((each) => each.reward.retention !== null)
      .map((each) => ({ version: each.id, atMs: each.createdMs, ...present(each.reward.retention) }))
      .reverse(),
    completions: details.completions.map((each) => ({ ...each })),
    secondsByPhase: Object.entries(manifest.seconds).map(([phase, seconds]) => ({ phase, seconds })),
    placebo: { ...manifest.placebo },
    notes: [...details.notes],
    switchable: manifest.thinned !== true,
  };
}

function reviewedPair(pair: Pair, struck: ReadonlySet<string>): ReviewedPair {
  const { id, form, declaration, path, writtenBy, example } = pair;
  return { id, form, declaration, path, writtenBy, question: questionOf(example.prompt), answer: example.answer, struck: struck.has(id), editable: pair.replayOf === undefined };
}

function questionOf(prompt: Pair['example']['prompt']): string {
  switch (prompt.kind) {
    case 'fim': {
      const { prefix, suffix } = prompt;
      const before = prefix.length > contextCharacters ? `…${prefix.slice(-contextCharacters)}` : prefix;
      return `${before}…${suffix.slice(0, contextCharacters)}`;
    }
    case 'question':
      return prompt.code === undefined ? prompt.question : `${prompt.question}\n\n${prompt.code.text}`;
    case 'selfEdit':
      return `${prompt.changeKind} ${prompt.declarationKind} ${prompt.name}`;
  }
}

function recipeRows(manifest: Manifest): { name: string; value: string }[] {
  const { recipe } = manifest;
  const mix = Object.entries(recipe.mix).map(([form, weight]) => `${form} ${weight}`);
  return [
    { name: 'learning rate', value: String(recipe.learningRate) },
    { name: 'epochs', value: String(recipe.epochs) },
    { name: 'rank', value: String(recipe.rank) },
    { name: 'loss on', value: recipe.loss },
    { name: 'replay', value: `${Math.round(100 * recipe.replay)} %` },
    { name: 'augmentation', value: recipe.augment },
    { name: 'forms', value: mix.join(', ') },
    { name: 'kept', value: keptOfTraining(manifest) },
  ];
}
