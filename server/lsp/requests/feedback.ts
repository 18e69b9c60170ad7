// graft/feedback: what was recorded about suggestions, shown as it stands or erased. Erasing also ends the following of what was shown before, or its
// text would be back in the file minutes later.
import type { Completions } from '../completions.ts';
import type { RepositoryHost } from '../repositories/repositoryHost.ts';

export async function feedback(
  hosts: readonly Pick<RepositoryHost, 'folder' | 'feedback' | 'opened'>[],
  action: 'inspect' | 'erase',
  completions: Pick<Completions, 'feedbackErased'>,
): Promise<{ text: string }> {
  if (action === 'erase') {
    for (const { folder } of hosts) completions.feedbackErased(folder);
    await Promise.all(hosts.map((host) => host.feedback.erase()));
    return { text: 'The recorded feedback was erased.' };
  }
  const texts = await Promise.all(hosts.map(async (host) => ({ path: host.opened.store.layout.feedback, text: await host.feedback.read() })));
  return { text: texts.map(({ path, text }) => `// ${path}\n${text === '' ? '// nothing is recorded\n' : text}`).join('\n') };
}
