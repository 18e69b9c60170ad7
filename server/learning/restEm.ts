// ReST-EM (SEAL, section 3.1): the editor policy is trained on the self-edits that won, and only on those. A self-edit's reward is its gain over
// candidate 0 of the same commit; that one is all structural, so what is rewarded is what the model itself wrote.
import { present } from '../base/assert.ts';
import type { Example } from '../base/prompt.ts';
import { Random } from '../base/random.ts';
import { defaultRecipe } from '../selfEdit/recipe.ts';
import { activePolicy, recordPolicy, type PolicyManifest } from '../store/editorPolicy.ts';
import { StoreError } from '../store/errors.ts';
import { listManifests } from '../store/listManifests.ts';
import { readVersionOrNull } from '../store/versionFolder.ts';
import { writing } from '../store/storeAccess.ts';
import { AdapterScope } from './adapterScope.ts';
import type { CycleOptions, WakeCollaborators } from './collaborators.ts';
import { learning } from './constants.ts';
import { likelihoods, meanOf } from './likelihoods.ts';
import { readSelfEditPrompt } from './storedItems.ts';

export type PolicyOutcome =
  | { readonly kind: 'trained'; readonly policy: PolicyManifest }
  | { readonly kind: 'kept'; readonly why: 'tooFewWinners' | 'nothingNew' | 'notBetter'; readonly winners: number };

export interface Winner {
  readonly version: string;
  readonly commits: readonly string[];
  readonly gain: number;
  readonly examples: readonly Example[];
}

export async function trainEditorPolicy(
  collaborators: WakeCollaborators,
  request: { readonly seed: number; readonly lost?: AbortSignal },
  options: CycleOptions = {},
): Promise<PolicyOutcome> {
  const { model, store } = collaborators;
  const { signal } = options;
  const winners = await collectWinners(collaborators);
  if (winners.length < learning.restEm.minimumWinners) return { kind: 'kept', why: 'tooFewWinners', winners: winners.length };
  const current = await activePolicy(store, model.info.hash);
  const seen = new Set(current?.manifest.versions ?? []);
  if (winners.every(({ version }) => seen.has(version))) return { kind: 'kept', why: 'nothingNew', winners: winners.length };

  // One winner in five is kept back: a policy that does not make unseen winners likelier has learnt these by heart.
  const random = new Random(`${request.seed}:policy`);
  const shuffled = random.shuffled(winners);
  const held = shuffled.slice(0, Math.ceil(shuffled.length / 5));
  const taught = shuffled.slice(held.length);
  const adapters = new AdapterScope(model);
  try {
    const examples = taught.flatMap((winner) => winner.examples);
    const [trained] = await model.train(
      [
        {
          name: 'policy',
          examples: random.shuffled(examples),
          recipe: { ...defaultRecipe, rank: learning.rank, learningRate: learning.restEm.learningRate, epochs: learning.restEm.epochs },
          seed: random.nextUint32(),
          // From the base each round, as SEAL does, on all winners so far.
          from: null,
        },
      ],
      { onProgress: ({ step, steps }) => options.onProgress?.({ phase: 'train', share: step / steps }), ...(signal ? { signal } : {}) },
    );
    const adapter = adapters.keep(present(trained).adapter);
    const items = held.flatMap((winner) => winner.examples).map((example, index) => ({ id: String(index), path: '', example }));
    const [before, after] = await likelihoods(model, items, [await adapters.load(current?.folder ?? null), adapter], signal);
    if (meanOf(after ?? new Map()) <= meanOf(before ?? new Map())) return { kind: 'kept', why: 'notBetter', winners: winners.length };

    const adapterFolder = `${store.layout.scratch}/policy`;
    await writing('the editor policy', () => store.files.makeFolder(adapterFolder));
    await model.saveAdapter(adapter, adapterFolder, { graft: '1', use: 'editor policy' });
    if (request.lost?.aborted) throw new StoreError('busy', 'Another process took over learning; the new editor policy was dropped.');
    const policy = await recordPolicy(store, {
      adapterFolder,
      manifest: {
        model: { name: model.info.name, hash: model.info.hash },
        round: (current?.manifest.round ?? 0) + 1,
        parent: current?.manifest.id ?? null,
        commits: [...new Set(winners.flatMap((winner) => winner.commits))],
        samples: examples.length,
        versions: [...new Set(winners.map((winner) => winner.version))],
      },
    });
    await store.files.remove(adapterFolder).catch(() => undefined);
    return { kind: 'trained', policy };
  } finally {
    await adapters.dispose();
  }
}

/** Best of K with a positive-gain filter: at most one winner per cycle, best cycles first. */
export async function collectWinners({ store, model }: Pick<WakeCollaborators, 'store' | 'model'>): Promise<Winner[]> {
  const winners: Winner[] = [];
  for (const manifest of await listManifests(store)) {
    if (manifest.model.hash !== model.info.hash || manifest.origin === 'sleep') continue;
    const version = await readVersionOrNull(store, manifest.id);
    const best = version?.details.candidates
      .filter(({ gainOverStructural, written }) => (gainOverStructural ?? 0) >= learning.restEm.minimumGain && written.length > 0)
      .sort((a, b) => (b.gainOverStructural ?? 0) - (a.gainOverStructural ?? 0))[0];
    if (!best) continue;
    const examples = best.written.flatMap(({ prompt, text }) => {
      const read = readSelfEditPrompt(prompt);
      return read ? [{ prompt: read, answer: text }] : [];
    });
    if (examples.length > 0) winners.push({ version: manifest.id, commits: manifest.commits, gain: best.gainOverStructural ?? 0, examples });
  }
  return winners.sort((a, b) => b.gain - a.gain).slice(0, learning.restEm.winners);
}
