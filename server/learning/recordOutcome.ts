// Collects what a cycle sees on its way and turns it, at the end, into the one atomic step of the store.
import type { Trained } from '../base/prompt.ts';
import type { Probe } from '../reward/probe.ts';
import type { ActiveVersion } from '../store/activeVersion.ts';
import { recordCycle, type CycleRecord, type Recorded } from '../store/recordCycle.ts';
import { writing } from '../store/storeAccess.ts';
import type { CandidateRecord, CycleDetails, Manifest, RejectionReason, SkipReason, TrainingLine, Verdict } from '../store/version.ts';
import type { NewVersion } from '../store/versionFolder.ts';
import type { Candidate } from './candidates.ts';
import type { Extracted, LeftOut, WakeCollaborators } from './collaborators.ts';
import { learning } from './constants.ts';
import type { CycleOutcome, CycleSummary } from './cycleOutcome.ts';
import type { Judgement } from './judge.ts';
import type { Kept } from './judgeStep.ts';
import type { PhaseWatch } from './phaseWatch.ts';
import { storedPair, storedProbe } from './storedItems.ts';
import type { WakeRequest } from './wakeCycle.ts';

export interface FinishedCycle extends Kept {
  readonly winner: Candidate;
  readonly adapter: string;
  readonly seed: number;
  readonly judgement: Judgement;
  readonly failure: Judgement['failure'];
  readonly placebo: { readonly tried: boolean; readonly promoted: boolean };
  readonly completions: CycleDetails['completions'];
  readonly probes: readonly Probe[];
}

export class CycleRecorder {
  private leftOut: readonly LeftOut[] = [];
  private notes: string[] = [];
  private surprise: number | null = null;
  private candidates: readonly Candidate[] = [];
  private training: TrainingLine[] = [];
  private gains: readonly number[] | null = null;
  private repository = '';

  constructor(
    private readonly cycle: {
      readonly request: WakeRequest;
      readonly collaborators: WakeCollaborators;
      readonly serving: ActiveVersion;
      /** What was trained from: the version that serves, but for a retraining. */
      readonly start: Manifest | null;
      readonly watch: PhaseWatch;
      readonly head: string;
    },
  ) {
    this.notes.push(...cycle.serving.notices);
  }

  saw(extracted: Extracted): void {
    this.leftOut = extracted.leftOut;
    this.repository = extracted.material.repository;
    this.note(extracted.notes);
  }

  /** Said once, however often it is found out. */
  note(notes: readonly string[]): void {
    this.notes.push(...notes.filter((note) => !this.notes.includes(note)));
  }

  surprised(surprise: number | null): void {
    this.surprise = surprise;
  }

  wrote(candidates: readonly Candidate[]): void {
    this.candidates = candidates;
    if (candidates.every(({ selfEdit }) => selfEdit.origin !== 'written')) this.notes.push('structural only');
  }

  trained(trained: readonly Trained[]): void {
    this.training = trained.flatMap(({ name, steps }) => steps.map((step) => ({ candidate: name, ...step })));
  }

  chose(gains: readonly number[] | null): void {
    this.gains = gains;
  }

  async skip(reason: SkipReason): Promise<CycleOutcome> {
    await this.record({ kind: 'skipped', reason }, this.cycle.request.waitsOn === true ? this.cycle.serving.line.learntUpTo : this.dealtWith);
    return { kind: 'skipped', reason, cycle: this.summary() };
  }

  /** Too little to train or to judge with: the commits wait for the next ones, unless many wait already. */
  async rejectUntrained(reason: RejectionReason, explanation: string): Promise<CycleOutcome> {
    const carriedOver = this.mayWait;
    await this.record({ kind: 'rejected', reason }, carriedOver ? this.cycle.serving.line.learntUpTo : this.dealtWith);
    return { kind: 'rejected', reason, explanation, version: null, carriedOver, cycle: this.summary() };
  }

  async finish(finished: FinishedCycle): Promise<CycleOutcome> {
    const { collaborators, head } = this.cycle;
    const { model, store } = collaborators;
    const { failure } = finished;
    const carriedOver = this.mayWait && isUndecided(finished.judgement, failure);
    return this.cycle.watch.run('record', async () => {
      const adapterFolder = `${store.layout.scratch}/adapter`;
      await writing('the adapter', async () => {
        await store.files.remove(adapterFolder);
        await store.files.makeFolder(adapterFolder);
      });
      await model.saveAdapter(finished.adapter, adapterFolder, { graft: '1', commit: head });
      const verdict: Verdict = failure ? { kind: 'rejected', ...failure } : { kind: 'promoted' };
      const version = this.newVersion(finished, verdict, adapterFolder);
      const recorded = await this.record(
        failure ? { kind: 'rejected', reason: failure.reason, rejected: version } : { kind: 'promoted', version },
        carriedOver ? this.cycle.serving.line.learntUpTo : this.dealtWith,
        finished.placebo,
      );
      // Leftovers of a failed removal are cleared by the next cycle.
      await store.files.remove(adapterFolder).catch(() => undefined);
      const cycle = this.summary();
      if (recorded.promoted) return { kind: 'promoted', version: recorded.promoted, cycle };
      return { kind: 'rejected', ...(failure as NonNullable<typeof failure>), version: recorded.rejected, carriedOver, cycle };
    });
  }

  private get mayWait(): boolean {
    return this.cycle.request.origin !== 'retrain' && this.cycle.request.range.commits.length < learning.carriedCommits;
  }

  private get dealtWith(): string | null {
    const { learntUpTo } = this.cycle.request;
    return learntUpTo === undefined ? this.cycle.head : learntUpTo;
  }

  private newVersion(finished: FinishedCycle, verdict: Verdict, adapterFolder: string): NewVersion {
    const { request, collaborators, start, head } = this.cycle;
    const { winner } = finished;
    const { pairs } = winner.selfEdit;
    const from = start?.id ?? null;
    this.note(finished.judgement.notes);
    return {
      adapterFolder,
      manifest: {
        parent: from,
        repository: this.repository,
        branch: request.branch,
        model: { name: collaborators.model.info.name, hash: collaborators.model.info.hash },
        engine: collaborators.model.info.engine,
        commits: request.range.commits.map((commit) => commit.id),
        head,
        trainedFrom: from,
        origin: request.origin ?? 'wake',
        verdict,
        candidate: winner.name,
        share: finished.share,
        shrunkTo: finished.shrunkTo,
        recipe: winner.selfEdit.recipe,
        seed: finished.seed,
        pairs: {
          structural: pairs.filter((pair) => pair.writtenBy === 'structural').length,
          model: pairs.filter((pair) => pair.writtenBy === 'model').length,
          replay: winner.replay.length,
        },
        reward: finished.judgement.reward,
        placebo: finished.placebo,
        seconds: this.cycle.watch.seconds(),
      },
      // Replayed pairs belong to the version that first learnt them.
      pairs: pairs.map(storedPair),
      probes: finished.probes.map(storedProbe),
      training: this.training,
      details: {
        candidates: this.candidateRecords(),
        leftOut: this.leftOut,
        dropped: this.candidates.flatMap(({ selfEdit }) => selfEdit.dropped),
        completions: finished.completions,
        surprise: this.surprise,
        notes: finished.judgement.secondSeed === null ? this.notes : [...this.notes, `second seed: gain ${finished.judgement.secondSeed.gain.toFixed(3)}`],
      },
    };
  }

  private candidateRecords(): CandidateRecord[] {
    return this.candidates.map(({ name, selfEdit }, index) => ({
      name,
      recipe: selfEdit.recipe,
      ...(selfEdit.recipeText === undefined ? {} : { recipeText: selfEdit.recipeText }),
      pairs: selfEdit.pairs.length,
      modelPairs: selfEdit.pairs.filter((pair) => pair.writtenBy === 'model').length,
      gainOverStructural: this.gains?.[index] ?? null,
      written: writtenSamples(selfEdit),
    }));
  }

  private record(outcome: CycleRecord['outcome'], head: string | null, placebo?: CycleRecord['placebo']): Promise<Recorded> {
    const { request, collaborators, serving, watch } = this.cycle;
    const { commits } = request.range;
    return recordCycle(collaborators.store, {
      branch: request.branch,
      creation: request.creation,
      modelHash: collaborators.model.info.hash,
      expected: { active: serving.line.active, moves: serving.line.history.length },
      commits: commits.map((commit) => commit.id),
      patchIds: commits.flatMap((commit) => request.patchIds?.get(commit.id) ?? []),
      head,
      seconds: watch.seconds(),
      outcome,
      ...(placebo ? { placebo } : {}),
      ...(request.lost ? { lost: request.lost } : {}),
    });
  }

  private summary(): CycleSummary {
    return {
      branch: this.cycle.request.branch,
      commits: this.cycle.request.range.commits.map((commit) => commit.id),
      seconds: this.cycle.watch.seconds(),
      surprise: this.surprise,
      leftOut: this.leftOut,
      notes: this.notes,
    };
  }
}

/**
 * No evidence is not evidence against: where the interval of the gain contains 0, the commits are learnt again together with the next ones, with more
 * pairs and more probes. Dropped one by one they would never add up to anything that can be told from chance.
 */
function isUndecided(judgement: Judgement, failure: Judgement['failure']): boolean {
  if (failure?.reason !== 'noGain' && failure?.reason !== 'unstable') return false;
  const { reward, secondSeed } = judgement;
  return (reward.dense.high ?? 0) > 0 && (secondSeed === null || (secondSeed.high ?? 0) > 0);
}

/** What the editor policy was asked and wrote, for ReST-EM. */
function writtenSamples(selfEdit: Candidate['selfEdit']): CandidateRecord['written'] {
  return selfEdit.samples.map(({ prompt, text }) => ({ prompt: { ...prompt }, text }));
}
