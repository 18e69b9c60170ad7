// Learning that would hold more memory than the user allows: stopped at once, with a reason and with its commits waiting.
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { LanguageClient } from '../../support/languageClient.ts';
import { TemporaryRepository } from '../../support/temporaryRepository.ts';
import { teachingFiles } from '../../support/teachingCommit.ts';
import { writeTinyModel } from '../../support/tinyModel.ts';

/** Most of it is the machine's other work. */
const timeout = 240_000;
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
}, timeout);

it('holds no more memory than it may for longer than a moment, and says so', { timeout }, async () => {
  const source = new TemporaryRepository();
  cleanUps.push(() => source.dispose());
  const model = join(source.root, 'tiny');
  writeTinyModel(model);
  source.git('config', 'user.email', 'ada@example.com');
  source.commit('Stamp everything', teachingFiles(4));
  const client = await LanguageClient.start({ folders: [source.path], home: source.root, settings: { model, tests: { enabled: false }, budget: { memoryMb: 1 } } });
  cleanUps.push(() => client.stop());
  await client.untilReady();
  await client.until(({ status }) => JSON.stringify(status?.repositories[0]?.learning) === JSON.stringify({ kind: 'paused', why: 'memoryShort' }));
  expect(client.tells).toContainEqual({ severity: 'error', message: expect.stringContaining('graft.budget.memoryMb') });
  const [tree] = await client.request('tree', {});
  expect(tree?.branches[0]?.entries[0]).toMatchObject({ outcome: 'waiting', commits: [{ subject: 'Stamp everything' }] });
  // That of completions stays.
  while (client.engines().length !== 1) await new Promise((resolve) => setTimeout(resolve, 50));
});
