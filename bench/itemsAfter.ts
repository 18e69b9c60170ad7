// The lines of the next commit that adds any: what a recipe or a gate is finally asked about.
import { nextCommitItems } from '../server/evaluation/nextCommitItems.ts';
import type { Commit } from '../server/git/commit.ts';
import { readTexts } from '../server/git/readTexts.ts';
import type { Workspace } from '../server/openWorkspace.ts';
import type { ScoredItem } from '../server/reward/denseGain.ts';

/** `later`: oldest first. Clusters of the figures are commit and file, so the path of an item names both. */
export async function itemsAfter({ learner, repository, syntax, tools }: Workspace, later: readonly Commit[]): Promise<ScoredItem[]> {
  for (const commit of later) {
    const parent = commit.parents[0];
    if (parent === undefined) continue;
    const { material } = await learner.source.extract({ base: parent, commits: [commit] });
    const parentFiles = await readTexts(repository, parent, (path) => syntax.supports(path));
    const items = nextCommitItems(
      { repository: repository.name, commit: commit.id, versions: material.versions, parentFiles, supports: (path) => syntax.supports(path), seed: 1, limit: 24 },
      tools,
    );
    if (items.length > 0) return items.map(({ id, path, prompt, answer }) => ({ id, path: `${commit.id}:${path}`, example: { prompt, answer } }));
  }
  return [];
}
