// The sleep cycle: the branch's adapter derived again from the frozen base, with all kept pairs of its history at once. Chained updates forget
// (SEAL: after eight merges below the untouched base); one adapter trained on everything does not. It serves only if it beats what served.
import { present } from '../base/assert.ts';
import type { Trained } from '../base/prompt.ts';
import { Random } from '../base/random.ts';
import type { Commit } from '../git/commit.ts';
import type { Span } from '../reward/probe.ts';
import { leakCheck } from '../selfEdit/keptOut.ts';
import { stillGrounded } from '../selfEdit/stillGrounded.ts';
import type { StoredPair } from '../selfEdit/selectReplay.ts';
import type { Pair } from '../selfEdit/pair.ts';
import { activeVersion } from '../store/activeVersion.ts';
import { collectGarbage, type Garbage } from '../store/collectGarbage.ts';
import { lockLearning } from '../store/learningLock.ts';
import { recordCycle } from '../store/recordCycle.ts';
import { readStruck } from '../store/struckPairs.ts';
import { writing } from '../store/storeAccess.ts';
import type { Manifest, Verdict } from '../store/version.ts';
import { AdapterScope } from './adapterScope.ts';
import type { CycleOptions } from './collaborators.ts';
import { learning } from './constants.ts';
import { baselineOf, type Bench } from './judge.ts';
import { judgeStep } from './judgeStep.ts';
import { typedOverPairs } from './feedbackPairs.ts';
import { readFeedback, type TypedOver } from './feedbackRecords.ts';
import type { Learner } from './learn.ts';
import { mostlyLines } from './mostlyLines.ts';
import { olderKnowledge, type OlderKnowledge } from './olderKnowledge.ts';
import { PhaseWatch } from './phaseWatch.ts';
import { trainEditorPolicy, type PolicyOutcome } from './restEm.ts';
import { storedPair } from './storedItems.ts';
import { spreadOverFiles } from './spreadOverFiles.ts';
import { structuralRecipe } from './structuralRecipe.ts';

export type SleepOutcome = {
  readonly rederived:
    | { readonly kind: 'promoted'; readonly version: Manifest }
    | { readonly kind: 'rejected'; readonly explanation: string }
    /** Nothing to derive: no version, one that was derived already, or too few probes to compare. */
    | { readonly kind: 'skipped'; readonly why: 'noVersion' | 'alreadyDerived' | 'tooFewProbes' };
  readonly policy: PolicyOutcome;
  readonly garbage: Garbage;
};

export interface SleepRequest {
  readonly branch: string;
  readonly seed: number;
  readonly waitMs?: number;
}

export async function sleepCycle(learner: Learner, request: SleepRequest, options: CycleOptions = {}): Promise<SleepOutcome> {
  const { store, repository } = learner;
  const held = await lockLearning(store, { ...(request.waitMs === undefined ? {} : { waitMs: request.waitMs }), ...(options.signal ? { signal: options.signal } : {}) });
  try {
    await store.files.remove(store.layout.scratch);
    const rederived = await rederive(learner, request, held.lost, options);
    const policy = await trainEditorPolicy(learner, { seed: request.seed, lost: held.lost }, options);
    const branches = (await repository.branches()).map(({ name }) => name);
    const garbage = await collectGarbage(store, { branches, keepWeights: learning.keepWeights, keepRejected: learning.keepRejected, keepUnnamedMs: learning.keepUnnamedMs });
    return { rederived, policy, garbage };
  } finally {
    await held.release();
  }
}

async function rederive(learner: Learner, request: SleepRequest, lost: AbortSignal, options: CycleOptions): Promise<SleepOutcome['rederived']> {
  const { store, model, repository } = learner;
  const { branch } = request;
  const { signal } = options;
  const serving = await activeVersion(store, { branch, modelHash: model.info.hash });
  const wake = serving.manifest;
  if (!wake) return { kind: 'skipped', why: 'noVersion' };
  const derived = wake.trainedFrom === null && wake.origin === 'sleep';
  const feedback = await readFeedback(store);
  if (derived && !feedback.typedOver.some(({ atMs }) => atMs > wake.createdMs)) return { kind: 'skipped', why: 'alreadyDerived' };
  const watch = new PhaseWatch(learner.clock, options);
  const random = new Random(`${request.seed}:sleep:${wake.id}`);
  const struck = await readStruck(store);
  const older = await olderKnowledge(store, wake.id, struck);
  const probes = mostlyLines(older.probes.filter(({ half }) => half === 'judge'), learning.sleep.judgeProbes);
  if (new Set(probes.map(({ path }) => path)).size < 2) return { kind: 'skipped', why: 'tooFewProbes' };

  const adapters = new AdapterScope(model);
  try {
    const sleptMs = older.manifests.find(({ origin }) => origin === 'sleep')?.createdMs ?? 0;
    const queued = feedback.typedOver.filter(({ atMs }) => atMs > sleptMs);
    const { typedOver, kept } = await watch.run('selfEdits', () => pairsOf(learner, wake.head, { older, struck, queued }));
    if (derived && typedOver.length === 0) return { kind: 'skipped', why: 'alreadyDerived' };
    const examples = withinBudget(kept, learner, random);
    const recipe = { ...structuralRecipe, rank: wake.recipe.rank, epochs: learning.sleep.epochs };
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
      active: await adapters.load(serving.folder),
      commit: wake.head,
      probes,
      spans: await watch.run('extract', () => spansOf(learner, wake, older, signal)),
      older: [],
      general: learner.foreign.general,
      seed: seeds.first,
      ...(signal ? { signal } : {}),
    };
    const baseline = await watch.run('judge', () => baselineOf(bench));
    const { judgement, adapter, share, shrunkTo, notes } = await judgeStep({ first: trained.adapter, second, from: null, share: 1 }, { bench, baseline, adapters, watch });
    const verdict: Verdict = judgement.failure ? { kind: 'rejected', ...judgement.failure } : { kind: 'promoted' };
    const adapterFolder = `${store.layout.scratch}/adapter`;
    await writing('the adapter', () => store.files.makeFolder(adapterFolder));
    await model.saveAdapter(adapter, adapterFolder, { graft: '1', commit: wake.head });
    const commits = [...new Set(older.manifests.flatMap((manifest) => manifest.commits))];
    const version = {
      adapterFolder,
      manifest: {
        parent: wake.id,
        repository: repository.name,
        branch,
        model: { name: model.info.name, hash: model.info.hash },
        engine: model.info.engine,
        commits,
        head: wake.head,
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
      details: {
        candidates: [],
        leftOut: [],
        dropped: [],
        completions: [],
        surprise: null,
        notes: [`derived from the base with ${examples.length} of ${kept.length} kept pairs; ${older.pairs.length + typedOver.length - kept.length} older pairs no longer hold`, ...(typedOver.length === 0 ? [] : [`${typedOver.length} pairs are of lines that were typed over a suggestion`]), ...notes],
      },
    };
    const recorded = await recordCycle(store, {
      branch,
      creation: { commit: null, timeSeconds: null },
      modelHash: model.info.hash,
      expectedActive: wake.id,
      commits: [],
      patchIds: [],
      head: serving.line.learntUpTo,
      seconds: watch.seconds(),
      outcome: judgement.failure ? { kind: 'rejected', reason: judgement.failure.reason, rejected: version } : { kind: 'promoted', version },
      lost,
    });
    await store.files.remove(adapterFolder).catch(() => undefined);
    return recorded.promoted ? { kind: 'promoted', version: recorded.promoted } : { kind: 'rejected', explanation: judgement.failure?.explanation ?? '' };
  } finally {
    await adapters.dispose();
  }
}

/** Pairs of the whole line that are still true of the tree and show no probe of any age; before them what was typed over a suggestion since. */
async function pairsOf(learner: Learner, head: string, { older, struck, queued }: { older: OlderKnowledge; struck: ReadonlySet<string>; queued: readonly TypedOver[] }): Promise<{ typedOver: readonly Pair[]; kept: readonly StoredPair[] }> {
  const tree = await learner.parseTree(head);
  const keptOut = { probes: older.probes, spans: [] };
  const leak = leakCheck(keptOut);
  const known = new Set(older.pairs.map(({ pair }) => pair.id));
  const typedOver = typedOverPairs(queued, { tree, repository: learner.repository.name, commit: head, keptOut }).filter(({ id }) => !known.has(id) && !struck.has(id));
  const held = older.pairs.filter(({ pair }) => leak(pair) === null && stillGrounded(pair, tree));
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
async function spansOf(learner: Learner, wake: Manifest, older: OlderKnowledge, signal: AbortSignal | undefined): Promise<readonly Span[]> {
  const newest = older.manifests.find((manifest) => manifest.origin !== 'sleep');
  const commits: Commit[] = [];
  for (const id of newest?.commits ?? []) {
    const commit = await learner.repository.commit(id);
    if (!commit) return [];
    commits.push(commit);
  }
  if (commits.at(-1)?.id !== wake.head) return [];
  const { material } = await learner.source.extract({ base: commits[0]?.parents[0] ?? null, commits }, signal);
  return (await learner.measures.items(material, signal ? { signal } : {})).spans;
}

function count(kept: readonly StoredPair[], writtenBy: Pair['writtenBy']): number {
  return kept.filter(({ pair }) => pair.writtenBy === writtenBy).length;
}

