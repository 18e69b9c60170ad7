// The branch's adapter derived again from the frozen base, with all kept pairs of its history at once. Chained updates forget (SEAL: after eight
// merges below the untouched base); one adapter trained on everything does not. It serves only if it beats what served.
import { present } from '../base/assert.ts';
import type { Trained } from '../base/prompt.ts';
import { Random } from '../base/random.ts';
import type { Commit } from '../git/commit.ts';
import type { Span } from '../reward/probe.ts';
import { leakCheck, type KeptOut } from '../selfEdit/keptOut.ts';
import type { Pair } from '../selfEdit/pair.ts';
import type { StoredPair } from '../selfEdit/selectReplay.ts';
import { stillGrounded } from '../selfEdit/stillGrounded.ts';
import { activeVersion } from '../store/activeVersion.ts';
import { readEdited } from '../store/editedPairs.ts';
import { recordCycle } from '../store/recordCycle.ts';
import { writing } from '../store/storeAccess.ts';
import { readStruck } from '../store/struckPairs.ts';
import type { Manifest, Verdict } from '../store/version.ts';
import { AdapterScope } from './adapterScope.ts';
import type { CycleOptions } from './collaborators.ts';
import { learning } from './constants.ts';
import type { CycleOutcome } from './cycleOutcome.ts';
import { typedOverPairs } from './feedbackPairs.ts';
import { readFeedback, type TypedOver } from './feedbackRecords.ts';
import { baselineOf, type Bench } from './judge.ts';
import { judgeStep } from './judgeStep.ts';
import type { Learner } from './learn.ts';
import { linesFirst } from './linesFirst.ts';
import { olderKnowledge, type OlderKnowledge } from './olderKnowledge.ts';
import { PhaseWatch } from './phaseWatch.ts';
import { spreadOverFiles } from './spreadOverFiles.ts';
import { asAnswered } from './usersAnswers.ts';
import { startingVersion } from './startingVersion.ts';
import { storedPair } from './storedItems.ts';
import { structuralRecipe } from './structuralRecipe.ts';

export type Rederived =
  | Exclude<CycleOutcome, { readonly kind: 'skipped' }>
  /** Nothing to derive: no version, one that was derived already, or too few probes to compare. */
  | { readonly kind: 'skipped'; readonly why: 'noVersion' | 'alreadyDerived' | 'tooFewProbes' };

export interface RederiveRequest {
  readonly branch: string;
  readonly seed: number;
  /** For retraining: a version that was derived before, to be derived anew and judged as it was. Absent: the version that serves. */
  readonly instead?: Manifest;
  /** The learning lock was lost: nothing may be recorded. */
  readonly lost: AbortSignal;
}

/** The caller holds the learning lock. */
export async function rederive(learner: Learner, request: RederiveRequest, options: CycleOptions = {}): Promise<Rederived> {
  const { store, model, repository } = learner;
  const { branch, instead, lost } = request;
  const { signal } = options;
  const serving = await activeVersion(store, { branch, modelHash: model.info.hash });
  const known = instead ?? serving.manifest;
  if (!known) return { kind: 'skipped', why: 'noVersion' };
  const against = instead === undefined ? serving : await startingVersion(store, instead.parent, model.info.hash);
  const derived = instead === undefined && isDerived(known);
  const feedback = await readFeedback(store);
  if (derived && !feedback.typedOver.some(({ atMs }) => atMs > known.createdMs)) return { kind: 'skipped', why: 'alreadyDerived' };
  const watch = new PhaseWatch(learner.clock, options);
  const random = new Random(`${request.seed}:sleep:${known.id}`);
  const older = await olderKnowledge(store, known.id, await readStruck(store));
  const probes = linesFirst(older.probes.filter(({ half }) => half === 'judge'), learning.sleep.judgeProbes);
  if (new Set(probes.map(({ path }) => path)).size < 2) return { kind: 'skipped', why: 'tooFewProbes' };

  const adapters = new AdapterScope(model);
  try {
    const sleptMs = older.manifests.find(({ origin }) => origin === 'sleep')?.createdMs ?? 0;
    const queued = feedback.typedOver.filter(({ atMs }) => atMs > sleptMs);
    // Spans come before the pairs, as in a wake cycle: a pair that shows one would let the tests praise what was learnt by heart.
    const spans = await watch.run('extract', () => spansOf(learner, known, older, signal));
    const { typedOver, kept } = await watch.run('selfEdits', () => pairsOf(learner, known.head, { older, queued, keptOut: { probes: older.probes, spans } }));
    if (derived && typedOver.length === 0) return { kind: 'skipped', why: 'alreadyDerived' };
    const examples = withinBudget(kept, learner, random);
    const recipe = { ...structuralRecipe, rank: known.recipe.rank, epochs: learning.sleep.epochs };
    const seeds = { first: random.nextUint32(), second: random.nextUint32() };
    const underSeed = (seed: number): Promise<Trained> =>
      watch.run('train', async (report) => {
        const candidate = { name: `sleep-${seed}`, examples: new Random(seed).shuffled(examples).map(({ example }) => example), recipe, seed, from: null };
        const [trained] = await model.train([candidate], { onProgress: ({ step, steps }) => report(step / steps), ...(signal ? { signal } : {}) });
        adapters.keep(present(trained).adapter);
        return present(trained);
      });
    const trained = await underSeed(seeds.first);
    const second = async (): Promise<string> => (await underSeed(seeds.second)).adapter;

    const bench: Bench = {
      model,
      measures: learner.measures,
      active: await adapters.load(against.folder),
      commit: known.head,
      probes,
      spans,
      older: [],
      general: learner.foreign.general,
      seed: seeds.first,
      ...(signal ? { signal } : {}),
    };
    const baseline = await watch.run('judge', () => baselineOf(bench));
    const { judgement, adapter, share, shrunkTo, notes } = await judgeStep({ first: trained.adapter, second, from: null, share: 1 }, { bench, baseline, adapters, watch });
    const { failure } = judgement;
    const verdict: Verdict = failure ? { kind: 'rejected', ...failure } : { kind: 'promoted' };
    const adapterFolder = `${store.layout.scratch}/adapter`;
    await writing('the adapter', async () => {
      await store.files.remove(adapterFolder);
      await store.files.makeFolder(adapterFolder);
    });
    await model.saveAdapter(adapter, adapterFolder, { graft: '1', commit: known.head });
    const saidOfPairs = [
      `derived from the base with ${examples.length} of ${kept.length} kept pairs; ${older.pairs.length + typedOver.length - kept.length} older pairs no longer hold or show code that is asked for`,
      ...(typedOver.length === 0 ? [] : [`${typedOver.length} pairs are of lines that were typed over a suggestion`]),
    ];
    const version = {
      adapterFolder,
      manifest: {
        parent: against.manifest?.id ?? null,
        repository: repository.name,
        branch,
        model: { name: model.info.name, hash: model.info.hash },
        engine: model.info.engine,
        commits: [...new Set(older.manifests.toReversed().flatMap((manifest) => manifest.commits))],
        head: known.head,
        trainedFrom: null,
        origin: 'sleep' as const,
        verdict,
        candidate: 'all kept pairs',
        share,
        shrunkTo,
        recipe,
        seed: seeds.first,
        pairs: { structural: count(kept, 'structural'), model: count(kept, 'model'), replay: 0 },
        reward: judgement.reward,
        placebo: { tried: false, promoted: false },
        seconds: watch.seconds(),
      },
      pairs: kept.map(({ pair }) => storedPair(pair)),
      // Its probes are its ancestors', where they stay.
      probes: [],
      training: trained.steps.map((step) => ({ candidate: trained.name, ...step })),
      details: { candidates: [], leftOut: [], dropped: [], completions: [], surprise: null, notes: [...saidOfPairs, ...notes] },
    };
    const recorded = await recordCycle(store, {
      branch,
      creation: { commit: null, timeSeconds: null },
      modelHash: model.info.hash,
      expected: { active: serving.line.active, moves: serving.line.history.length },
      commits: [],
      patchIds: [],
      head: serving.line.learntUpTo,
      seconds: watch.seconds(),
      outcome: failure ? { kind: 'rejected', reason: failure.reason, rejected: version } : { kind: 'promoted', version },
      lost,
    });
    await store.files.remove(adapterFolder).catch(() => undefined);
    const cycle = { branch, commits: version.manifest.commits, seconds: watch.seconds(), surprise: null, leftOut: [], notes: version.details.notes };
    if (failure) return { kind: 'rejected', ...failure, version: recorded.rejected, carriedOver: false, cycle };
    return { kind: 'promoted', version: present(recorded.promoted, 'recorded version'), cycle };
  } finally {
    await adapters.dispose();
  }
}

/** Whether a version's weights come from the base and all kept pairs. */
export function isDerived({ trainedFrom, origin }: Manifest): boolean {
  return trainedFrom === null && origin === 'sleep';
}

/**
 * Pairs of the whole line that are still true of the tree and show nothing that is kept out; before them what was typed over a suggestion since. An answer
 * that the user wrote stands whatever the tree says.
 */
async function pairsOf(learner: Learner, head: string, { older, queued, keptOut }: { older: OlderKnowledge; queued: readonly TypedOver[]; keptOut: KeptOut }): Promise<{ typedOver: readonly Pair[]; kept: readonly StoredPair[] }> {
  const { store } = learner;
  const [tree, struck, edited] = await Promise.all([learner.parseTree(head), readStruck(store), readEdited(store)]);
  const leak = leakCheck(keptOut);
  const known = new Set(older.pairs.map(({ pair }) => pair.id));
  const typedOver = typedOverPairs(queued, { tree, repository: learner.repository.name, commit: head, keptOut }).filter(({ id }) => !known.has(id) && !struck.has(id));
  const seen = new Set<string>();
  const held = older.pairs.flatMap((stored) => {
    const pair = asAnswered(stored.pair, edited);
    const stands = !struck.has(pair.id) && leak(pair) === null && (pair !== stored.pair || stillGrounded(pair, tree));
    // A pair before and after it was edited is one.
    if (!stands || seen.has(pair.id)) return [];
    seen.add(pair.id);
    return [{ ...stored, pair }];
  });
  return { typedOver, kept: [...typedOver.map((pair) => ({ pair, version: '', age: -1 })), ...held] };
}

/** Files take turns, newest pairs first within each, so that a budget cuts depth and not breadth. */
function withinBudget(kept: readonly StoredPair[], learner: Learner, random: Random): readonly Pair[] {
  const turned = spreadOverFiles(random.shuffled(kept).sort((a, b) => a.age - b.age).map(({ pair }) => pair), kept.length);
  const chosen: Pair[] = [];
  let tokens = 0;
  for (const pair of turned) {
    const { prompt, answer } = pair.example;
    tokens += learner.model.promptTokens(prompt) + learner.model.countTokens(answer);
    if (tokens > learning.sleep.budgetTokens) break;
    chosen.push(pair);
  }
  return chosen;
}

/** Spans of the commits learnt last: the code whose tests say most about what serves now. */
async function spansOf(learner: Learner, { head }: Manifest, older: OlderKnowledge, signal: AbortSignal | undefined): Promise<readonly Span[]> {
  const newest = older.manifests.find((manifest) => manifest.origin !== 'sleep');
  const commits: Commit[] = [];
  for (const id of newest?.commits ?? []) {
    const commit = await learner.repository.commit(id);
    if (!commit) return [];
    commits.push(commit);
  }
  if (commits.at(-1)?.id !== head) return [];
  const { material } = await learner.source.extract({ base: commits[0]?.parents[0] ?? null, commits }, signal);
  return (await learner.measures.items(material, signal ? { signal } : {})).spans;
}

function count(kept: readonly StoredPair[], writtenBy: Pair['writtenBy']): number {
  return kept.filter(({ pair }) => pair.writtenBy === writtenBy).length;
}
