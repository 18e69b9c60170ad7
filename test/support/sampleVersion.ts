// Versions for tests of the store: a store in memory, an adapter folder with recognisable bytes, and the records of a cycle.
import type { Files } from '../../server/base/files.ts';
import type { Recipe } from '../../server/base/prompt.ts';
import { recordCycle, type CycleRecord, type Recorded } from '../../server/store/recordCycle.ts';
import { storeAccess, type StoreAccess } from '../../server/store/storeAccess.ts';
import type { NewManifest, Verdict } from '../../server/store/version.ts';
import type { NewVersion } from '../../server/store/versionFolder.ts';
import { ManualClock } from './manualClock.ts';
import { MemoryFiles } from './memoryFiles.ts';
import { MemoryLock } from './memoryLock.ts';

export const modelHash = 'a'.repeat(64);
export const otherModelHash = 'b'.repeat(64);

export const sampleRecipe: Recipe = { learningRate: 3e-4, epochs: 4, loss: 'answers', replay: 0.15, rank: 16, mix: { fim: 3 }, augment: 'none' };

export function memoryStore(files: Files = new MemoryFiles(), clock = new ManualClock()): StoreAccess {
  return storeAccess({ files, lock: new MemoryLock(), clock, root: '/repo/.git/graft' });
}

/** A folder as an engine leaves it; `weights` stands for the safetensors bytes. */
export async function writeAdapter(files: Files, weights: string): Promise<string> {
  const folder = `/engine/${weights}`;
  await files.makeFolder(folder);
  await files.write(`${folder}/adapter_config.json`, '{"peft_type":"LORA"}');
  await files.write(`${folder}/adapter_model.safetensors`, weights);
  return folder;
}

export interface SampleOptions {
  readonly weights: string;
  readonly commit: string;
  readonly parent?: string | null;
  readonly trainedFrom?: string | null;
  readonly branch?: string;
  readonly model?: string;
  readonly verdict?: Verdict;
}

export function sampleManifest(options: SampleOptions): NewManifest {
  return {
    parent: options.parent ?? null,
    repository: 'sample',
    branch: options.branch ?? 'main',
    model: { name: 'tiny', hash: options.model ?? modelHash },
    engine: 'fake',
    commits: [options.commit],
    head: options.commit,
    trainedFrom: options.trainedFrom === undefined ? (options.parent ?? null) : options.trainedFrom,
    origin: 'wake',
    verdict: options.verdict ?? { kind: 'promoted' },
    candidate: 'structural',
    share: 1,
    shrunkTo: 1,
    recipe: sampleRecipe,
    seed: 1,
    pairs: { structural: 1, model: 0, replay: 0 },
    reward: {
      value: 0.1,
      dense: { gain: 0.1, low: 0.05, high: 0.15 },
      probes: 8,
      tests: { informative: 0, before: 0, after: 0, verdict: 'inconclusive' },
      retention: null,
      generalLossChange: 0,
    },
    placebo: { tried: false, promoted: false },
    seconds: { train: 1 },
  };
}

export async function sampleVersion(files: Files, options: SampleOptions): Promise<NewVersion> {
  return {
    manifest: sampleManifest(options),
    adapterFolder: await writeAdapter(files, options.weights),
    pairs: [{ id: `pair-${options.weights}`, commit: options.commit, path: 'src/a.ts', form: 'fim' }],
    probes: [{ id: `probe-${options.weights}`, commit: options.commit, path: 'src/b.ts' }],
    training: [{ candidate: 'structural', step: 0, loss: 2, learningRate: 1e-4, gradientNorm: 1 }],
    details: { candidates: [], leftOut: [], dropped: [], completions: [], surprise: 1, notes: [] },
  };
}

/** Everything of a cycle's record but its outcome. */
export function cycleOf(options: { readonly commit: string; readonly active: string | null; readonly branch?: string; readonly model?: string }): Omit<CycleRecord, 'outcome'> {
  return {
    branch: options.branch ?? 'main',
    creation: { commit: 'c0', timeSeconds: 100 },
    modelHash: options.model ?? modelHash,
    expected: { active: options.active },
    commits: [options.commit],
    patchIds: [`patch-${options.commit}`],
    head: options.commit,
    seconds: { train: 1 },
  };
}

/** Promotes one version per commit in turn, each trained from the one before; returns their ids. */
export async function promoteChain(store: StoreAccess, adapters: Files, commits: readonly string[], branch = 'main'): Promise<string[]> {
  const ids: string[] = [];
  for (const commit of commits) {
    const recorded = await promote(store, adapters, { commit, weights: `weights-${branch}-${commit}`, parent: ids.at(-1) ?? null, branch });
    ids.push(recorded.promoted?.id ?? '');
  }
  return ids;
}

export async function promote(store: StoreAccess, adapters: Files, options: SampleOptions): Promise<Recorded> {
  const version = await sampleVersion(adapters, options);
  const cycle = cycleOf({ commit: options.commit, active: options.parent ?? null, ...(options.branch ? { branch: options.branch } : {}), ...(options.model ? { model: options.model } : {}) });
  return recordCycle(store, { ...cycle, outcome: { kind: 'promoted', version } });
}
