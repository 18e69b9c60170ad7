// Keys typed into real files, through the real server process over IPC: how long an item takes, how often one is shown and is right, and what
// a wake cycle that runs beside it costs. Packages are those that neither the starter model nor the calibration has seen.
// "Warm prefix": the key before was asked at the same place. A request typed through from what is shown is a hit, told by the client.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { materialise } from '../demo/materialise.ts';
import { Random } from '../server/base/random.ts';
import { LanguageClient } from '../test/support/languageClient.ts';
import { calibrationPackages } from './calibrate.ts';
import { DocumentTyping, type Answered } from './documentTyping.ts';
import { percentile } from './percentile.ts';
import { sampledKeystrokes, keystrokesOf, typingSessions, type Keystroke } from './typingSession.ts';
import { shownFigures, type PlaceOutcome } from './shownFigures.ts';
import { unseenPackages, type UnseenPackage } from './unseenPackages.ts';
import { learningFigures } from './whileLearning.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Sessions typed key by key for the times, and sessions of which places are sampled for the rest. */
const timedSessions = 5;
const sampledSessions = 40;
const sampledShare = 0.2;

export async function keystroke({ seed = 1 }: { readonly seed?: number } = {}) {
  const scratch = mkdtempSync(join(tmpdir(), 'graft-keystroke-'));
  try {
    const packages = (await unseenPackages(join(root, 'starter', 'corpus.json'))).filter(({ name }) => !calibrationPackages.includes(name));
    const times: Answered[] = [];
    const hitMs: number[] = [];
    const places: { readonly name: string; readonly outcome: PlaceOutcome }[] = [];
    for (const unseen of packages) {
      const random = new Random(seed).fork(unseen.name);
      const folder = join(scratch, unseen.name);
      for (const [path, text] of unseen.files) writeInto(join(folder, path), text);
      const client = await LanguageClient.start({ folders: [folder], home: join(scratch, 'home'), trusted: false, settings: { completion: { debounceMs: 0 } } });
      try {
        await client.untilReady();
        const typing = new DocumentTyping(client, folder);
        await typeAll(typing, unseen, random.fork('timed'), (answered) => times.push(answered), hitMs);
        await typeSampled(typing, unseen, random.fork('sampled'), (outcome) => places.push({ name: unseen.name, outcome }));
      } finally {
        await client.stop();
      }
    }
    const warmMisses = times.filter(({ isWarm, isHit }) => isWarm && !isHit).map(({ milliseconds }) => milliseconds);
    hitMs.push(...times.filter(({ isHit }) => isHit).map(({ milliseconds }) => milliseconds));
    const shown = shownFigures(places.map(({ outcome }) => outcome));
    const learning = await learningFigures(scratch, { materialise: (folder) => materialise(folder, join(root, 'node_modules')), seed });
    return {
      figures: {
        p50Ms: percentile(warmMisses, 0.5),
        p95Ms: percentile(warmMisses, 0.95),
        hitMs: percentile(hitMs, 0.5),
        hitP99Ms: percentile(hitMs, 0.99),
        learningRatio: learning.ratio,
        noopP99Ms: learning.noopP99Ms,
        idleNoopP99Ms: learning.idleNoopP99Ms,
        stallMs: learning.stalls.longestMs,
        stallOwnMs: learning.stalls.longestOwnMs,
        shownPrecision: shown.shownPrecision,
        coverage: shown.coverage,
        typedPrecision: shown.typedPrecision,
        coldP50Ms: percentile(times.filter(({ isWarm }) => !isWarm).map(({ milliseconds }) => milliseconds), 0.5),
      },
      details: {
        debounceMs: 'set to 0: it is waiting by design, not work',
        requests: { warmMisses: warmMisses.length, hits: hitMs.length, places: places.length },
        perPackage: Object.fromEntries(packages.map(({ name, to }) => [`${name} ${to}`, shownFigures(places.filter((place) => place.name === name).map(({ outcome }) => outcome))])),
        learning,
      },
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Key by key, each after the answer to the one before. */
async function typeAll(typing: DocumentTyping, unseen: UnseenPackage, random: Random, note: (answered: Answered) => void, hitMs: number[]): Promise<void> {
  for (const session of typingSessions(unseen.files, timedSessions, random)) {
    for (const [index, key] of keystrokesOf(session).entries()) {
      note(await typing.press(session.path, key, { isWarm: index > 0 }));
      // The same again comes from the cache.
      if (index % 8 === 0) hitMs.push((await typing.askAgain(session.path)).milliseconds);
    }
  }
}

async function typeSampled(typing: DocumentTyping, unseen: UnseenPackage, random: Random, note: (outcome: PlaceOutcome) => void): Promise<void> {
  for (const session of typingSessions(unseen.files, sampledSessions, random)) {
    for (const key of sampledKeystrokes(keystrokesOf(session), sampledShare, random)) note(outcomeOf(key, await typing.press(session.path, key, { isWarm: false })));
    await typing.finish(session.path, unseen.files.get(session.path) ?? '');
  }
}

function outcomeOf({ restOfLine }: Keystroke, { shown }: Answered): PlaceOutcome {
  return { shown: shown?.split('\n', 1)[0] ?? null, restOfLine, weight: 1 };
}

function writeInto(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

