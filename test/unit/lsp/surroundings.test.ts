// What the server notices around it: power, ignore files, and things kept open while they are used.
import { describe, expect, it } from 'vitest';
import { KeptOpen } from '../../../server/keptOpen.ts';
import { IgnoredFiles } from '../../../server/lsp/documents/ignoredFiles.ts';
import { FeedbackFile } from '../../../server/lsp/feedback/feedbackFile.ts';
import { isOnBattery } from '../../../server/lsp/learner/powerWatch.ts';
import { OneAtATime } from '../../../server/lsp/oneAtATime.ts';
import { ManualClock } from '../../support/manualClock.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { memoryStore } from '../../support/sampleVersion.ts';
import { WaitingClock } from '../../support/waitingClock.ts';

async function filesWith(texts: Readonly<Record<string, string>>): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  for (const [path, text] of Object.entries(texts)) {
    await files.makeFolder(path.slice(0, path.lastIndexOf('/')));
    await files.write(path, text);
  }
  return files;
}

describe('power', () => {
  it.each([
    ['no supplies: a desktop or a container', {}, false],
    ['mains', { '/p/AC/type': 'Mains\n', '/p/AC/online': '1\n', '/p/BAT0/type': 'Battery', '/p/BAT0/status': 'Charging' }, false],
    ['battery', { '/p/AC/type': 'Mains\n', '/p/AC/online': '0\n', '/p/BAT0/type': 'Battery', '/p/BAT0/status': 'Discharging\n' }, true],
    ['battery charged over USB', { '/p/USBC/type': 'USB', '/p/USBC/online': '1', '/p/BAT0/type': 'Battery', '/p/BAT0/status': 'Discharging' }, false],
    ['the battery of a mouse', { '/p/mouse/type': 'Battery', '/p/mouse/scope': 'Device', '/p/mouse/status': 'Discharging' }, false],
  ])('%s', async (_, texts, expected) => {
    expect(await isOnBattery(await filesWith(texts), '/p')).toBe(expected);
  });
});

describe('ignored files', () => {
  it("are those of the setting and of ignore files, the nearest having the last word, the user's own after all", async () => {
    const files = await filesWith({ '/r/.gitignore': 'build/\n', '/r/src/.graftignore': '*.gen.ts\n!kept.gen.ts\n' });
    const ignored = new IgnoredFiles({ files, clock: new ManualClock() });
    const ask = (path: string, own: readonly string[] = []): Promise<boolean> => ignored.isIgnored('/r', path, own);
    expect(await Promise.all([ask('a.ts'), ask('build/a.ts'), ask('src/a.gen.ts'), ask('src/kept.gen.ts'), ask('a.gen.ts'), ask('a.ts', ['*.ts']), ask('docs/a.ts', ['docs'])])).toEqual([
      false, true, true, false, false, true, true,
    ]);
  });

  it('a document that was never saved is in no folder', async () => {
    expect(await new IgnoredFiles({ files: new MemoryFiles(), clock: new ManualClock() }).isIgnored('', 'Untitled-1.ts', ['*'])).toBe(false);
  });
});

it('work asked for while it runs is done once more, whoever asked', async () => {
  const ends: (() => void)[] = [];
  const once = new OneAtATime(() => new Promise((resolve) => ends.push(resolve)));
  const first = once.ask();
  const later = [once.ask(), once.ask()];
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await first;
  await new Promise((resolve) => setImmediate(resolve));
  expect(ends).toHaveLength(2);
  ends[1]?.();
  await Promise.all(later);
  expect(ends).toHaveLength(2);
});

describe('what is kept open', () => {
  function kept(open: () => Promise<string> = async () => 'model') {
    const clock = new WaitingClock();
    const seen: string[] = [];
    const one = new KeptOpen({ clock, keepMs: 1_000, open: () => (seen.push('open'), open()), close: async () => void seen.push('close') });
    return { clock, seen, one };
  }

  it('is opened once for those who use it together, and closed a while after the last', async () => {
    const { clock, seen, one } = kept();
    await Promise.all([one.use(async (opened) => seen.push(opened)), one.use(async (opened) => seen.push(opened))]);
    await clock.advance(999);
    await one.use(async () => undefined);
    await clock.advance(999);
    expect(seen).toEqual(['open', 'model', 'model']);
    await clock.advance(1);
    expect(seen.at(-1)).toBe('close');
    await one.use(async () => undefined);
    expect(seen.at(-1)).toBe('open');
  });

  it('is tried again after it could not be opened', async () => {
    let tries = 0;
    const { one } = kept(async () => {
      if (tries++ === 0) throw new Error('no memory');
      return 'model';
    });
    await expect(one.use(async () => undefined)).rejects.toThrow('no memory');
    expect(await one.use(async (opened) => opened)).toBe('model');
  });
});

it('feedback is appended in order, read back and erased', async () => {
  const feedback = new FeedbackFile(memoryStore());
  expect(await feedback.read()).toBe('');
  for (const id of ['a', 'b']) feedback.append({ id });
  expect(await feedback.read()).toBe('{"id":"a"}\n{"id":"b"}\n');
  await feedback.erase();
  expect(await feedback.read()).toBe('');
});
