// Typing into the demo's repository before and while the server learns commits of it: what a wake cycle costs a keystroke, phase by phase, and
// how long a completion request that has nothing to suggest waits. Next to them how long the server's event loop stood still.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { present } from '../server/base/assert.ts';
import { Random } from '../server/base/random.ts';
import { LanguageClient } from '../test/support/languageClient.ts';
import { DocumentTyping } from './documentTyping.ts';
import { percentile } from './percentile.ts';
import { readStalls, stallFigures, watchedStalls, type StallFigures } from './serverStalls.ts';
import { keystrokesOf, typingSessions, type TypingSession } from './typingSession.ts';

export interface LearningFigures {
  /** Median while learning over the median before, the same keys. */
  readonly ratio: number;
  readonly idleP50Ms: number;
  readonly learningP50Ms: number;
  readonly learningP95Ms: number;
  /** Requests inside a word: nothing is suggested there, whatever the model would say. */
  readonly noopP50Ms: number;
  readonly noopP99Ms: number;
  /** The same before learning: what the machine itself costs. */
  readonly idleNoopP99Ms: number;
  readonly noops: number;
  readonly stalls: StallFigures;
  readonly idleStalls: StallFigures;
  readonly keys: number;
  readonly p50MsByPhase: Readonly<Record<string, number>>;
}

interface TimedKey {
  readonly key: string;
  readonly milliseconds: number;
  readonly phase: string;
}

const sessions = 5;
const noopEveryMs = 50;
/** Training is the heaviest phase: typing goes on until it has been seen for so many keys, or for so long. */
const heaviestPhase = 'train';
const heaviestKeys = 200;
const longestMs = 240_000;

export async function learningFigures(scratch: string, { materialise, seed }: { readonly materialise: (folder: string) => void; readonly seed: number }): Promise<LearningFigures> {
  const folder = join(scratch, 'tally');
  materialise(folder);
  const typed = typingSessions(sourcesOf(folder), sessions, new Random(seed).fork('learning'));
  const stallsFile = join(scratch, 'stalls.jsonl');
  const client = await LanguageClient.start({ folders: [folder], home: join(scratch, 'home'), watch: watchedStalls(stallsFile), settings: { completion: { debounceMs: 0 }, learning: { schedule: 'manual' } } });
  try {
    await client.untilReady();
    await client.until(({ status }) => status?.repositories.some(({ branch }) => branch !== null));
    const typing = new DocumentTyping(client, folder);
    const noops = new Noops(client, folder);
    await noops.open();
    const window = { idleFromMs: Date.now(), idleToMs: 0, fromMs: 0, toMs: 0 };
    const idleNoops = noops.begin(() => true);
    const idle = await typeThrough(typing, typed, { header: '// before\n', phase: () => 'idle', goesOn: () => true });
    const idleNoopMs = idleNoops.stop();
    window.idleToMs = Date.now();
    await client.request('learn', { folder, action: 'now' });
    await client.until(() => phaseOf(client) !== null);
    window.fromMs = Date.now();
    const learningNoops = noops.begin(() => phaseOf(client) !== null);
    const during: TimedKey[] = [];
    const endMs = performance.now() + longestMs;
    const goesOn = (): boolean => phaseOf(client) !== null && performance.now() < endMs;
    for (let round = 0; goesOn() && during.filter(({ phase }) => phase === heaviestPhase).length < heaviestKeys; round++) {
      during.push(...(await typeThrough(typing, typed, { header: `// round ${round}\n`, phase: () => phaseOf(client) ?? 'end', goesOn })));
    }
    const learningNoopMs = learningNoops.stop();
    window.toMs = Date.now();
    await client.request('learn', { folder, action: 'cancel' });
    return {
      ...figuresOf({ idle, during, idleNoopMs, learningNoopMs }),
      stalls: stallFigures(readStalls(stallsFile, window)),
      idleStalls: stallFigures(readStalls(stallsFile, { fromMs: window.idleFromMs, toMs: window.idleToMs })),
    };
  } finally {
    await client.stop();
  }
}

/** The header makes it another text for the cache, and almost the same work. */
async function typeThrough(typing: DocumentTyping, typed: readonly TypingSession[], { header, phase, goesOn }: { readonly header: string; readonly phase: () => string; readonly goesOn: () => boolean }): Promise<TimedKey[]> {
  const timed: TimedKey[] = [];
  for (const [index, session] of typed.entries()) {
    for (const [at, { text, offset }] of keystrokesOf(session).entries()) {
      if (!goesOn()) return timed;
      const { isWarm, isHit, milliseconds } = await typing.press(session.path, { text: header + text, offset: header.length + offset }, { isWarm: at > 0 });
      if (isWarm && !isHit) timed.push({ key: `${index} ${at}`, milliseconds, phase: phase() });
    }
  }
  return timed;
}

/** Requests at a place where the user stands inside a word, in a document of their own, each some time after the one before. */
class Noops {
  private readonly path: string;

  constructor(
    private readonly client: LanguageClient,
    folder: string,
  ) {
    this.path = join(folder, 'src', 'noop.ts');
  }

  open(): Promise<void> {
    return this.client.open(this.path, 'export const alphabet = 1;\n');
  }

  begin(counts: () => boolean): { stop(): number[] } {
    const measured: number[] = [];
    const timer = setInterval(() => {
      const startMs = performance.now();
      void this.client.complete(this.path, 'export const alpha', { invoked: false }).then((items) => {
        if (items.length > 0) throw new Error('Something was suggested inside a word.');
        if (counts()) measured.push(performance.now() - startMs);
      });
    }, noopEveryMs);
    return {
      stop() {
        clearInterval(timer);
        return measured;
      },
    };
  }
}

function figuresOf({ idle, during, idleNoopMs, learningNoopMs }: { idle: readonly TimedKey[]; during: readonly TimedKey[]; idleNoopMs: readonly number[]; learningNoopMs: readonly number[] }): Omit<LearningFigures, 'stalls' | 'idleStalls'> {
  const idleMs = new Map(idle.map(({ key, milliseconds }) => [key, milliseconds]));
  // The same keys on both sides, each as often as it was typed while learning.
  const shared = during.filter(({ key }) => idleMs.has(key));
  const idleP50Ms = percentile(shared.map(({ key }) => present(idleMs.get(key))), 0.5);
  const learningP50Ms = percentile(shared.map(({ milliseconds }) => milliseconds), 0.5);
  const phases = [...new Set(during.map(({ phase }) => phase))];
  return {
    ratio: learningP50Ms / idleP50Ms,
    idleP50Ms,
    learningP50Ms,
    learningP95Ms: percentile(shared.map(({ milliseconds }) => milliseconds), 0.95),
    noopP50Ms: percentile(learningNoopMs, 0.5),
    noopP99Ms: percentile(learningNoopMs, 0.99),
    noops: learningNoopMs.length,
    idleNoopP99Ms: percentile(idleNoopMs, 0.99),
    keys: shared.length,
    p50MsByPhase: Object.fromEntries(phases.map((phase) => [phase, percentile(during.filter((each) => each.phase === phase).map(({ milliseconds }) => milliseconds), 0.5)])),
  };
}

function phaseOf({ status }: LanguageClient): string | null {
  for (const { learning } of status?.repositories ?? []) if (learning.kind === 'learning') return learning.phase;
  return null;
}

function sourcesOf(folder: string): Map<string, string> {
  const paths = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts')).map((path) => `src/${path}`);
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}
