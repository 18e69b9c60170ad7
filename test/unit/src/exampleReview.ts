// A review as the server sends one, for the tests of the page: three pairs, one of them struck, one editable.
import type { Review } from '../../../server/protocol/assistant.ts';

export function exampleReview(part: Partial<Review>): Review {
  const pair = (id: string, form: string, declaration: string) => ({ id, form, declaration, path: 'src/recipe.ts', writtenBy: 'structure', question: `const recipe = …`, answer: `${declaration}(text)`, struck: false, editable: false });
  return {
    folder: '/w/app', version: 'aaaaaaaaaaaa', parent: 'bbbbbbbbbbbb', branch: 'main', learntOn: 'main', active: true, retrain: { refused: null, waiting: true },
    commits: [{ id: 'c0ffee1234', subject: 'Rename load to parseRecipe' }],
    verdict: { promoted: true, reason: 'promoted', explanation: 'Probes rose for both seeds.' },
    candidate: 'structural',
    recipe: [{ name: 'learning rate', value: '0.0005' }, { name: 'epochs', value: '4' }],
    pairs: [pair('p1', 'fim', 'parseRecipe'), { ...pair('p2', 'question', 'formatRecipe'), editable: true, writtenBy: 'model' }, { ...pair('p3', 'callSite', 'clamp'), struck: true }],
    leftOut: [{ path: 'package-lock.json', reason: 'lock file' }],
    dropped: [{ form: 'question', text: 'What is foo?', reason: 'names nothing in the commit' }],
    losses: [2.4, 1.9, 1.2, 0.8, 0.6],
    probes: { count: 24, gain: 0.31, low: 0.12, high: 0.5 },
    tests: { informative: 5, before: 4, after: 8, verdict: 'better', note: null, trials: 10, change: { gain: 0.4, low: 0.1, high: 0.7 } },
    retention: { gain: 0.01, low: -0.02, high: 0.04 },
    generalLossChange: 0.003,
    retentionOverTime: [
      { version: 'bbbbbbbbbbbb', atMs: 1_700_000_000_000, gain: 0.02, low: -0.01, high: 0.05 },
      { version: 'aaaaaaaaaaaa', atMs: 1_700_000_600_000, gain: 0.01, low: -0.02, high: 0.04 },
    ],
    completions: [{ path: 'src/main.ts', prompt: "import { parseRecipe } from './recipe';\n\nconst recipe = ", expected: 'parseRecipe(text);', before: 'load(text);', after: 'parseRecipe(text);' }],
    secondsByPhase: [{ phase: 'pairs', seconds: 0.8 }, { phase: 'training', seconds: 9.4 }],
    placebo: { tried: true, promoted: false },
    notes: [],
    switchable: true,
    ...part,
  };
}
