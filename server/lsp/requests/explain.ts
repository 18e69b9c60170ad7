// graft/explain: which version wrote a suggestion, and which of the pairs that it was taught are nearest to it.
import type { ExplainedSuggestion } from '../../completion/madeSuggestions.ts';
import { olderKnowledge } from '../../learning/olderKnowledge.ts';
import type { RequestResult } from '../../protocol/assistant.ts';
import { nearestPairs } from '../feedback/nearestPairs.ts';
import type { RepositoryHost } from '../repositories/repositoryHost.ts';

export async function explain(suggestion: ExplainedSuggestion, host: RepositoryHost | null): Promise<RequestResult<'explain'>> {
  const { text, version, confidence, line, writtenBy } = suggestion;
  if (host === null || version === null) return { text, version, confidence, writtenBy, pairs: [] };
  const { store, repository } = host.opened;
  const { pairs } = await olderKnowledge(store, version, new Set());
  const nearest = nearestPairs(line, pairs);
  const heads = (await repository.branches()).map(({ head }) => head);
  const subjects = await host.subjects.of([...new Set(nearest.map(({ pair }) => pair.pair.commit))], heads);
  return {
    text,
    version,
    confidence,
    writtenBy,
    pairs: nearest.map(({ pair: { pair, version: taughtIn }, similarity }) => ({
      version: taughtIn,
      commit: { id: pair.commit, subject: subjects.get(pair.commit) ?? '' },
      declaration: pair.declaration,
      path: pair.path,
      similarity,
    })),
  };
}
