// The wake cycle, from a range of commits to a verdict, top to bottom. It reads the store and writes it once, at the end; cancelled
// or failed anywhere before, it leaves no trace but what the engine forgets.
import { present } from '../base/assert.ts';
import { Random } from '../base/random.ts';
import { enoughProbes } from '../reward/gates.ts';
import { halfByFile } from '../reward/halves.ts';
import type { Half, Probe } from '../reward/probe.ts';
import { activeVersion } from '../store/activeVersion.ts';
import type { BranchCreation } from '../store/branchRecord.ts';
import { activePolicy } from '../store/editorPolicy.ts';
import { readEdited } from '../store/editedPairs.ts';
import { readStruck } from '../store/struckPairs.ts';
import type { RejectionReason, SkipReason } from '../store/version.ts';
import { AdapterScope } from './adapterScope.ts';
import { budgetTokensOf, makeCandidates, trainable, type Candidate } from './candidates.ts';
import type { CycleOptions, LearningRange, WakeCollaborators } from './collaborators.ts';
import { completionsBeforeAndAfter } from './completionsShown.ts';
import { learning } from './constants.ts';
import type { CycleOutcome } from './cycleOutcome.ts';
import { baselineOf, type Bench, type Judgement } from './judge.ts';
import { judgeStep } from './judgeStep.ts';
import { likelihoods, meanOf } from './likelihoods.ts';
import { linesFirst } from './linesFirst.ts';
import { olderKnowledge } from './olderKnowledge.ts';
import { PhaseWatch } from './phaseWatch.ts';
import { isPlaceboCycle, placeboOf, type PlaceboUse } from './placebo.ts';
import { CycleRecorder } from './recordOutcome.ts';
import { startingVersion } from './startingVersion.ts';
import { trainWinner } from './trainWinner.ts';

export interface WakeRequest {
  readonly branch: string;
  readonly creation: BranchCreation;
  readonly range: LearningRange;
  /** By commit; a commit without one (a merge) is absent. */
  readonly patchIds?: ReadonlyMap<string, string | null>;
  readonly seed: number;
  /** K; default from constants. 1 is structural only. */
  readonly candidates?: number;
  readonly placebo?: PlaceboUse;
  /** Retraining after pairs were struck: known or not, the range is learnt again. */
  readonly evenIfKnown?: boolean;
  readonly origin?: 'wake' | 'retrain';
  /** Training and judging start from this version instead of the active one; null: the base. For retraining what is active. */
  readonly startFrom?: string | null;
  /** Commits before the range wait to be learnt with later ones: where it teaches nothing, it waits with them. */
  readonly waitsOn?: boolean;
  /** Up to where the branch counts as learnt afterwards; default: the last commit of the range. */
  readonly learntUpTo?: string | null;
  /** The learning lock was lost: nothing may be recorded. */
  readonly lost?: AbortSignal;
}

export async function wakeCycle(request: WakeRequest, collaborators: WakeCollaborators, options: CycleOptions = {}): Promise<CycleOutcome> {
  const { model, source, editors, measures, foreign, store, clock, scores } = collaborators;
  const { range, branch } = request;
  const { signal } = options;
  const head = present(range.commits.at(-1), 'last commit of the range').id;
  const random = new Random(`${request.seed}:${head}`);
  const watch = new PhaseWatch(clock, options);
  const adapters = new AdapterScope(model);
  const cancellable = signal ? { signal } : {};
  try {
    const serving = await activeVersion(store, { branch, modelHash: model.info.hash });
    const start = request.startFrom === undefined ? serving : await startingVersion(store, request.startFrom, model.info.hash);
    const recorder = new CycleRecorder({ request, collaborators, serving, start: start.manifest, watch, head });
    const skip = (reason: SkipReason): Promise<CycleOutcome> => recorder.skip(reason);
    const rejectUntrained = (reason: RejectionReason, explanation: string): Promise<CycleOutcome> => recorder.rejectUntrained(reason, explanation);

    // What the commits did, without what may not be learnt.
    const extracted = await watch.run('extract', () => source.extract(range, signal));
    recorder.saw(extracted);
    const { material } = extracted;
    if (material.versions.length === 0) return await skip(reasonForNothing(extracted.leftOut));

    // Surprise: what the active version knows already is not taught again.
    const active = await adapters.load(start.folder);
    const changed = source.changedLines(material, learning.surpriseLines);
    if (changed.length === 0 && material.changes.length === 0) return await skip('nothingToLearn');
    const surprise = await watch.run('surprise', async () => {
      const [scores] = await likelihoods(model, changed, [active], signal);
      return changed.length === 0 ? null : -meanOf(scores ?? new Map());
    });
    recorder.surprised(surprise);
    if (surprise !== null && surprise < learning.knownLoss && !request.evenIfKnown) return await skip('alreadyKnown');

    // Probes and spans come before the pairs, so that no pair can be made of them.
    const older = await olderKnowledge(store, start.manifest?.id ?? null, await readStruck(store));
    const measured = await watch.run('selfEdits', () => measures.items(material, cancellable));
    recorder.note(measured.notes);
    const policy = await activePolicy(store, model.info.hash);
    const editor = await adapters.load(policy?.folder ?? null);
    const keptOut = { probes: [...measured.probes, ...older.probes], spans: measured.spans };
    const quiz = enoughProbes(halfOf(measured.probes, 'judge'))
      ? []
      : await watch.run('selfEdits', () =>
          editors.quiz({ ...material, keptOut }, { policy: editor, seed: random.fork('quiz').nextUint32(), halfOf: halfByFile(measured.probes), ...cancellable }),
        );
    if (quiz.length > 0) recorder.note([`${quiz.length} of the probes are questions that the model wrote about held-out code`]);
    const probes = [...measured.probes, ...quiz];
    const judgedOn = linesFirst(halfOf(probes, 'judge'), learning.judgeProbes);
    const chosen = linesFirst(halfOf(probes, 'select'), learning.selectProbes);
    if (!enoughProbes(judgedOn)) {
      const files = new Set(judgedOn.map((probe) => probe.path)).size;
      return await rejectUntrained('tooFewProbes', `${judgedOn.length} held-out probes in ${files} files on the judging half: too few to tell a gain from chance`);
    }

    const candidates = await watch.run('selfEdits', async () =>
      makeCandidates({
        material: { ...material, keptOut: { ...keptOut, probes: [...keptOut.probes, ...quiz] } },
        editors,
        policy: editor,
        older: older.pairs,
        struck: await readStruck(store),
        edited: await readEdited(store),
        count: request.candidates ?? learning.candidates,
        budgetTokens: budgetTokensOf(range),
        rank: start.manifest?.recipe.rank ?? learning.rank,
        continued: start.manifest !== null,
        random,
        ...cancellable,
      }),
    );
    recorder.wrote(candidates);
    const structuralPairs = candidates[0]?.selfEdit.pairs.length ?? 0;
    if (structuralPairs < learning.minimumPairs) {
      return await rejectUntrained('tooFewPairs', `${structuralPairs} pairs could be made of these commits; ${learning.minimumPairs} are needed`);
    }

    const seeds = { first: random.fork('first').nextUint32(), second: random.fork('second').nextUint32() };
    const { best, adapter: first, share: firstShare, gains, trained } = await trainWinner(
      candidates.map((candidate) => trainable(candidate, { seed: seeds.first, from: active, random: random.fork(`order-${candidate.name}`) })),
      { model, adapters, watch, active, probes: chosen, seed: seeds.first },
    );
    recorder.trained(trained);
    recorder.chose(gains);
    const winner = present(candidates[best], 'winner');
    // The same under another seed: only for what passed under the first, since it asks whether the gain comes again.
    const underSeed = (candidate: Candidate, seed: number): Promise<string> =>
      watch.run('secondSeed', async (report) => {
        const again = trainable(candidate, { name: `${candidate.name}-${seed}`, seed, from: active, random: random.fork(`order-${candidate.name}-${seed}`) });
        const [done] = await model.train([again], { onProgress: ({ step, steps }) => report(step / steps), ...cancellable });
        const adapter = adapters.keep(present(done, 'trained again').adapter);
        return firstShare === 1 ? adapter : adapters.keep(await model.interpolate(active, adapter, firstShare));
      });

    // Judge on the other half.
    const current = new Set(probes.map(({ id }) => id));
    const bench: Bench = {
      model,
      measures: { ...measures, compareTests: (asked) => watch.run('tests', () => measures.compareTests(asked)) },
      active,
      commit: head,
      probes: judgedOn,
      spans: measured.spans,
      older: older.probes.filter(({ id }) => !current.has(id)).slice(0, learning.retentionProbes),
      general: foreign.general,
      seed: seeds.first,
      ...cancellable,
    };
    const baseline = await watch.run('judge', () => baselineOf(bench, scores ? { scores, version: start.manifest?.id ?? null } : undefined));
    const parts = { bench, baseline, adapters, watch };
    const judged = await judgeStep({ first, second: () => underSeed(winner, seeds.second), from: active, share: firstShare }, parts);
    const { judgement, adapter } = judged;
    recorder.note(judged.notes);

    const placebo = isPlaceboCycle(head, request.placebo ?? 'sample') ? placeboOf(winner, foreign.placeboPairs, random.fork('placebo')) : null;
    // Smaller steps included: a control with fewer tries than the winner would pass too seldom.
    const control = placebo ? await judgeStep({ first: await underSeed(placebo, seeds.first), second: () => underSeed(placebo, seeds.second), from: active, share: firstShare }, parts) : null;
    const failure = judgement.failure ?? beatenByPlacebo(judgement, control?.judgement ?? null);

    const completions = await watch.run('gates', () => completionsBeforeAndAfter(model, { items: judgedOn, before: active, after: adapter, seed: seeds.first, ...cancellable }));
    const outcome = await recorder.finish({
      winner,
      adapter,
      share: judged.share,
      shrunkTo: judged.shrunkTo,
      seed: seeds.first,
      judgement,
      failure,
      placebo: { tried: control !== null, promoted: control !== null && control.judgement.failure === null },
      completions,
      probes,
    });
    if (outcome.kind === 'promoted') scores?.remember(outcome.version.id, judgement.scores);
    return outcome;
  } finally {
    await adapters.dispose();
  }
}

function halfOf(probes: readonly Probe[], half: Half): readonly Probe[] {
  return probes.filter((probe) => probe.half === half);
}

/** A control that passes every gate with at least the winner's gain shows that the gain is format. */
function beatenByPlacebo(judgement: Judgement, control: Judgement | null): Judgement['failure'] {
  if (control === null || control.failure !== null || control.reward.dense.gain < judgement.reward.dense.gain) return null;
  return {
    reason: 'placebo',
    explanation: `a control trained on another project's pairs gained as much (${control.reward.dense.gain.toFixed(3)} against ${judgement.reward.dense.gain.toFixed(3)})`,
  };
}

function reasonForNothing(leftOut: readonly { readonly path: string; readonly reason: string }[]): SkipReason {
  if (leftOut.length === 0) return 'nothingToLearn';
  return leftOut.every(({ reason }) => reason === 'authorNotApproved') ? 'authorNotApproved' : 'allLeftOut';
}
