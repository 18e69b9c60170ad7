// A wake cycle with everything scripted but the store: what the commit holds, what was written, what tests say, what each adapter scores.
import type { ScoreItem, TrainCandidate } from '../../server/base/prompt.ts';
import type { Commit } from '../../server/git/commit.ts';
import type { TestsOutcome, WakeCollaborators } from '../../server/learning/collaborators.ts';
import type { WakeRequest } from '../../server/learning/wakeCycle.ts';
import type { Probe, Span } from '../../server/reward/probe.ts';
import { leakCheck } from '../../server/selfEdit/keptOut.ts';
import { makePair, type Pair, type SelfEdit } from '../../server/selfEdit/pair.ts';
import type { StoreAccess } from '../../server/store/storeAccess.ts';
import { ManualClock } from './manualClock.ts';
import { MemoryFiles } from './memoryFiles.ts';
import { memoryStore, sampleRecipe } from './sampleVersion.ts';
import { ScriptedModel } from './scriptedModel.ts';

/** What kind of item a likelihood is asked of. */
export type ItemKind = 'changed' | 'select' | 'judge' | 'older' | 'general';

export interface ScenarioOptions {
  readonly disk?: MemoryFiles;
  readonly store?: StoreAccess;
  /** Mean log-probability per token; `adapter` is null, or the name of a training such as `structural`, `written-2`, `structural-<seed>`, `placebo-<seed>`. */
  readonly score?: (kind: ItemKind, adapter: string | null, item: ScoreItem) => number;
  readonly tests?: (candidate: string) => TestsOutcome;
  readonly spans?: number;
  readonly measureNotes?: readonly string[];
  readonly judgeFiles?: number;
  readonly pairs?: number;
  readonly extraPairs?: readonly Pair[];
  readonly versions?: number;
  readonly leftOut?: readonly { readonly path: string; readonly reason: string }[];
  readonly onTrain?: (candidates: readonly TrainCandidate[]) => void;
  readonly general?: number;
  readonly olderProbes?: readonly Probe[];
}

export function commit(id: string): Commit {
  return { id, parents: [], tree: `tree-${id}`, authorName: 'A', authorEmail: 'a@x', timeSeconds: 1, subject: id };
}

/** How often an adapter was trained since the base. */
export function trainings(adapter: string | null): number {
  return adapter === null ? 0 : adapter.split('>').length;
}

/** The text of an item names its kind, so that the script can tell. */
function probe(kind: 'select' | 'judge', index: number, files: number, at: string): Probe {
  return {
    id: `${kind}-${at}-${index}`,
    kind: 'assertion',
    path: `test/${kind}${index % files}.test.ts`,
    declaration: `case${index}`,
    commit: at,
    half: kind,
    example: { prompt: { kind: 'question', repository: 'demo', question: `${kind} ${index} of ${at}` }, answer: `expect${kind}(valueOf${kind}${at}, ${index + 100000})` },
  };
}

export function pair(index: number, at = 'c1'): Pair {
  return makePair({
    form: 'signature',
    example: { prompt: { kind: 'question', repository: 'demo', question: `signature ${index} of ${at}?` }, answer: `function taught${index}()` },
    commit: at,
    path: `src/taught${index}.ts`,
    declaration: `taught${index}`,
    writtenBy: 'structural',
  });
}

export function scenario(options: ScenarioOptions = {}): {
  readonly collaborators: WakeCollaborators;
  readonly model: ScriptedModel;
  readonly disk: MemoryFiles;
  readonly request: (commitId: string, more?: Partial<WakeRequest>) => WakeRequest;
  /** Tokens that candidate 0 was given, cycle after cycle. */
  readonly budgets: readonly number[];
} {
  const budgets: number[] = [];
  const disk = options.disk ?? new MemoryFiles();
  const store = options.store ?? memoryStore(disk);
  const score = options.score ?? ((kind, adapter) => (kind === 'general' || kind === 'older' ? -2 : -2 + trainings(adapter) / 2));
  const model = new ScriptedModel(disk, {
    score: (item, adapter) => score(kindOf(item), adapter, item),
    ...(options.onTrain ? { onTrain: options.onTrain } : {}),
  });
  const collaborators: WakeCollaborators = {
    model,
    store,
    clock: new ManualClock(),
    source: {
      extract: async (range) => {
        const last = range.commits.at(-1)?.id ?? '';
        const versions = Array.from({ length: options.versions ?? 1 }, (_, i) => ({ path: `src/a${i}.ts`, oldPath: `src/a${i}.ts`, before: '', after: 'x' }));
        return { material: { repository: 'demo', commit: last, changes: [], versions, files: new Map() }, leftOut: options.leftOut ?? [], notes: [] };
      },
      changedLines: (material) => [{ id: 'changed', path: 'src/a0.ts', example: { prompt: { kind: 'question', repository: 'demo', question: `changed of ${material.commit}` }, answer: 'changed' } }],
    },
    editors: {
      structural: async (material, { budgetTokens }) => {
        budgets.push(budgetTokens);
        return selfEdit([...Array.from({ length: options.pairs ?? 8 }, (_, i) => pair(i, material.commit)), ...(options.extraPairs ?? [])], 'structural');
      },
      written: async (material, structural, { count }) =>
        Array.from({ length: count }, (_, k) => ({
          ...selfEdit([...structural.pairs.slice(1), { ...pair(100 + k, material.commit), form: 'question' as const, writtenBy: 'model' as const }], 'written'),
          recipeText: 'learningRate=1e-3',
          samples: [{ prompt: { kind: 'selfEdit' as const, repository: 'demo', changeKind: 'added' as const, declarationKind: 'function', name: 'f', path: 'src/a0.ts', before: '', after: 'x' }, text: `written ${k}` }],
        })),
      quiz: async () => [],
      replay: (_material, older, { share }) => older.slice(0, Math.round(8 * share)).map(({ pair: each, version }) => ({ ...each, replayOf: version })),
      leaks: leakCheck,
    },
    measures: {
      items: async (material) => ({
        probes: [
          ...Array.from({ length: 6 }, (_, i) => probe('select', i, 3, material.commit)),
          ...Array.from({ length: 8 }, (_, i) => probe('judge', i, options.judgeFiles ?? 4, material.commit)),
          ...(options.olderProbes ?? []),
        ],
        spans: Array.from({ length: options.spans ?? 0 }, (_, i) => span(i)),
        notes: options.measureNotes ?? [],
      }),
      compareTests: async ({ candidate }) => options.tests?.(model.handles.get(candidate) ?? '') ?? { kind: 'notRunnable', note: 'no test command' },
    },
    foreign: {
      general: Array.from({ length: options.general ?? 4 }, (_, i) => ({ id: `general-${i}`, path: `g${i}`, example: { prompt: { kind: 'question' as const, repository: 'other', question: `general ${i}` }, answer: 'g' } })),
      placeboPairs: [pair(900, 'foreign'), pair(901, 'foreign')],
    },
  };
  const request = (commitId: string, more: Partial<WakeRequest> = {}): WakeRequest => ({
    branch: 'main',
    creation: { commit: 'c0', timeSeconds: 1 },
    range: { base: null, commits: [commit(commitId)] },
    seed: 1,
    placebo: 'never',
    ...more,
  });

  let current = '';
  const kindOf = (item: ScoreItem): ItemKind => {
    const { prompt } = item.example;
    const question = prompt.kind === 'question' ? prompt.question : '';
    const kind = question.split(' ', 1)[0] as ItemKind;
    const at = / of (\S+)$/.exec(question)?.[1];
    if (kind === 'changed') current = at ?? '';
    return (kind === 'select' || kind === 'judge') && at !== current ? 'older' : kind;
  };
  return { collaborators, model, disk, request, budgets };
}

export function compared(before: number, after: number, informative = 4): TestsOutcome {
  const verdict = after < before ? 'worse' : after > before ? 'better' : 'same';
  return {
    kind: 'compared',
    comparison: { informative, before, after, trials: informative * 4, change: (after - before) / (informative * 4), changeLow: -0.1, changeHigh: 0.1, chanceOfFall: 0.05, chanceOfRise: 0.9, verdict },
  };
}

function selfEdit(pairs: readonly Pair[], origin: SelfEdit['origin']): SelfEdit {
  return { origin, recipe: sampleRecipe, pairs, dropped: [], tokens: pairs.length * 20, samples: [] };
}

function span(index: number): Span {
  return {
    id: `span-${index}`,
    granularity: 'line',
    path: `src/s${index}.ts`,
    range: { start: 0, end: 1 },
    original: `return original${index} + secret${index};`,
    example: { prompt: { kind: 'question', repository: 'demo', question: `span ${index}` }, answer: `return original${index} + secret${index};` },
    tests: ['test/a.test.ts'],
    half: 'judge',
    declaration: `s${index}`,
  };
}
