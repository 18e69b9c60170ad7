// Erasing feedback: nothing that was recorded or is followed comes back.
import { expect, it } from 'vitest';
import { FeedbackFile } from '../../../server/lsp/feedback/feedbackFile.ts';
import type { RepositoryHost } from '../../../server/lsp/repositories/repositoryHost.ts';
import { feedback } from '../../../server/lsp/requests/feedback.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { memoryStore } from '../../support/sampleVersion.ts';

it('erases what was recorded, with what is being written, and ends the following of what was shown', async () => {
  const store = memoryStore(new MemoryFiles());
  const file = new FeedbackFile(store);
  const host: Pick<RepositoryHost, 'folder' | 'feedback' | 'opened'> = { folder: '/r', feedback: file, opened: { store } as RepositoryHost['opened'] };
  const erased: string[] = [];
  const completions = { feedbackErased: (folder: string) => void erased.push(folder) };
  file.append({ text: 'before' });
  const erasing = feedback([host], 'erase', completions);
  file.append({ text: 'after' });
  await erasing;
  expect(erased).toEqual(['/r']);
  expect((await feedback([host], 'inspect', completions)).text).toContain('{"text":"after"}');
  expect(await file.read()).not.toContain('before');
});
