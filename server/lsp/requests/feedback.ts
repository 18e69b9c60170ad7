// graft/feedback: what was recorded about suggestions, shown as it stands or erased.
import type { RepositoryHost } from '../repositories/repositoryHost.ts';

export async function feedback(hosts: readonly RepositoryHost[], action: 'inspect' | 'erase'): Promise<{ text: string }> {
  if (action === 'erase') {
    await Promise.all(hosts.map((host) => host.feedback.erase()));
    return { text: 'The recorded feedback was erased.' };
  }
  const texts = await Promise.all(hosts.map(async (host) => ({ path: host.opened.store.layout.feedback, text: await host.feedback.read() })));
  return { text: texts.map(({ path, text }) => `// ${path}\n${text === '' ? '// nothing is recorded\n' : text}`).join('\n') };
}
