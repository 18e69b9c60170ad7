// Typing into the demo's repository before and while the server learns a commit of it: what a wake cycle costs a keystroke, and how long
// a request that needs nothing waits.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../server/base/random.ts';
import { LanguageClient } from '../test/support/languageClient.ts';
import { DocumentTyping } from './documentTyping.ts';
import { percentile } from './percentile.ts';
import { keystrokesOf, typingSessions } from './typingSession.ts';

export interface LearningFigures {
  /** Median while learning over the median before, the same keys. */
  readonly ratio: number;
  readonly idleP50Ms: number;
  readonly learningP50Ms: number;
  readonly learningP95Ms: number;
  readonly noopP99Ms: number;
  readonly keys: number;
  readonly phases: readonly string[];
}

const sessions = 6;
const noopEveryMs = 50;

export async function learningFigures(scratch: string, { materialise, seed }: { readonly materialise: (folder: string) => void; readonly seed: number }): Promise<LearningFigures> {
  const folder = join(scratch, 'tally');
  materialise(folder);
  const files = sourcesOf(folder);
  const client = await LanguageClient.start({ folders: [folder], home: join(scratch, 'home'), settings: { completion: { debounceMs: 0 }, learning: { schedule: 'manual' } } });
  try {
    await client.untilReady();
    await client.until(({ status }) => status?.repositories.some(({ branch }) => branch !== null));
    const isLearning = (): boolean => client.status?.repositories.some(({ learning }) => learning.kind === 'learning') === true;
    const typed = typingSessions(files, sessions, new Random(seed).fork('learning'));
    const typing = new DocumentTyping(client, folder);
    const type = async (round: string, goesOn: () => boolean): Promise<Map<string, number>> => {
      // A line at the top makes it another file for the cache, and almost the same work.
      const header = `// ${round}\n`;
      const milliseconds = new Map<string, number>();
      for (const [index, session] of typed.entries()) {
        for (const [at, { text, offset }] of keystrokesOf(session).entries()) {
          if (!goesOn()) return milliseconds;
          const answered = await typing.press(session.path, { text: header + text, offset: header.length + offset }, { isWarm: at > 0 });
          if (answered.isWarm && !answered.isHit) milliseconds.set(`${index} ${at}`, answered.milliseconds);
        }
      }
      return milliseconds;
    };
    const idle = await type('before', () => true);
    return await whileItLearns({ client, folder, isLearning, idle, type });
  } finally {
    await client.stop();
  }
}

async function whileItLearns({ client, folder, isLearning, idle, type }: { client: LanguageClient; folder: string; isLearning: () => boolean; idle: Map<string, number>; type: (round: string, goesOn: () => boolean) => Promise<Map<string, number>> }): Promise<LearningFigures> {
  await client.request('learn', { folder, action: 'now' });
  await client.until(() => isLearning());
  const noopMs: number[] = [];
  const phases = new Set<string>();
  const noop = setInterval(() => {
    for (const { learning } of client.status?.repositories ?? []) if (learning.kind === 'learning') phases.add(learning.phase);
    const startMs = performance.now();
    void client.request('status', {}).then(() => isLearning() && noopMs.push(performance.now() - startMs));
  }, noopEveryMs);
  const learning = await type('during', isLearning);
  clearInterval(noop);
  await client.request('learn', { folder, action: 'cancel' });
  // The same keys on both sides.
  const shared = [...learning.keys()].filter((key) => idle.has(key));
  const of = (measured: Map<string, number>): number[] => shared.map((key) => measured.get(key) ?? Number.NaN);
  const idleP50Ms = percentile(of(idle), 0.5);
  const learningP50Ms = percentile(of(learning), 0.5);
  return { ratio: learningP50Ms / idleP50Ms, idleP50Ms, learningP50Ms, learningP95Ms: percentile(of(learning), 0.95), noopP99Ms: percentile(noopMs, 0.99), keys: shared.length, phases: [...phases] };
}

function sourcesOf(folder: string): Map<string, string> {
  const paths = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts')).map((path) => `src/${path}`);
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

