// What the pickers offer, from a repository's tree. Pure.
import type { HistoryEntry, RepositoryTree } from '../../server/protocol/assistant.ts';
import { entryLabel, type RowTarget } from '../views/versionRows.ts';
import { gainText, shortVersion } from '../words/versionWords.ts';

export interface VersionFilter {
  readonly admits: (entry: HistoryEntry) => boolean;
  /** What is said when no version passes. */
  readonly none: string;
}

export const anyVersion: VersionFilter = { admits: () => true, none: 'Nothing has been learnt yet: there is no version.' };
export const servable: VersionFilter = { admits: ({ active, switchable }) => switchable && !active, none: 'There is no other version that could serve.' };
export const rejectedOnes: VersionFilter = { admits: ({ outcome, switchable }) => switchable && (outcome === 'rejected' || outcome === 'inconclusive'), none: 'No rejected version has its weights left.' };
export const activeOne: VersionFilter = { admits: ({ active }) => active, none: 'The base model serves: there is no active version to reject.' };

export interface VersionChoice {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly branch: string;
  readonly version: string;
}

/** In the order of the tree, the checked-out branch's before the others'; each version once. */
export function versionChoices(repository: RepositoryTree, filter: VersionFilter, onlyBranch: string | null): VersionChoice[] {
  const branches = repository.branches.filter(({ name }) => onlyBranch === null || name === onlyBranch).toSorted((a, b) => Number(b.checkedOut) - Number(a.checkedOut));
  const seen = new Set<string>();
  return branches.flatMap((branch) =>
    branch.entries.flatMap((entry) => {
      if (entry.version === null || !filter.admits(entry) || seen.has(entry.version)) return [];
      seen.add(entry.version);
      const state = entry.active ? 'active' : entry.outcome === 'promoted' ? 'learnt' : entry.outcome;
      return [
        {
          label: `${shortVersion(entry.version)} ${entryLabel(entry)}`,
          description: [branch.name, state, ...(entry.gain === null ? [] : [gainText(entry.gain.gain)])].join(' · '),
          detail: entry.explanation,
          branch: branch.name,
          version: entry.version,
        },
      ];
    }),
  );
}

export interface CommitChoice {
  readonly label: string;
  readonly description: string;
  readonly id: string;
}

/** Each commit that some version was made from, newest first. */
export function commitChoices(repository: RepositoryTree): CommitChoice[] {
  const entries = repository.branches.flatMap((branch) => branch.entries).toSorted((a, b) => b.atMs - a.atMs);
  const commits = entries.flatMap((entry) => (entry.version === null ? [] : entry.commits.toReversed()));
  return [...new Map(commits.map(({ id, subject }) => [id, { label: subject, description: id.slice(0, 7), id }])).values()];
}

/** The commits that a row stands for, with their subjects; none for a row that stands for no commits. */
export function commitsOfRow({ branches }: RepositoryTree, { commit, commits }: Partial<RowTarget>): { id: string; subject: string }[] {
  const subjects = new Map(branches.flatMap(({ entries }) => entries.flatMap((entry) => entry.commits.map(({ id, subject }) => [id, subject]))));
  return (commit === undefined ? (commits ?? []) : [commit]).map((id) => ({ id, subject: subjects.get(id) ?? '' }));
}
