// What `graft log`, `show` and `compare` tell. Reads the store only: no engine, no git.
import { lineOf, readBranches } from '../store/branchFile.ts';
import type { Move } from '../store/branchRecord.ts';
import { listManifests } from '../store/listManifests.ts';
import { readJournal } from '../store/journal.ts';
import type { StoreAccess } from '../store/storeAccess.ts';
import { readStruck } from '../store/struckPairs.ts';
import type { Manifest, VersionContents } from '../store/version.ts';
import { readVersion, unknownVersion } from '../store/versionFolder.ts';
import { LearningError } from './errors.ts';

export interface BranchLog {
  readonly branch: string;
  readonly active: string | null;
  readonly learntUpTo: string | null;
  /** Newest first; the version is the one that the move promoted, kept or is about, where its folder is still there. */
  readonly moves: readonly (Move & { readonly version: Manifest | null })[];
}

export async function log(store: StoreAccess, options: { readonly modelHash: string; readonly branch?: string }): Promise<BranchLog[]> {
  const manifests = new Map((await listManifests(store)).map((manifest) => [manifest.id, manifest]));
  return (await readBranches(store))
    .filter((record) => options.branch === undefined || record.branch === options.branch)
    .map((record) => {
      const line = lineOf(record, options.modelHash);
      const moves = line.history.map((move) => ({ ...move, version: manifests.get(move.about ?? move.to ?? '') ?? null }));
      return { branch: record.branch, active: line.active, learntUpTo: line.learntUpTo, moves: moves.reverse() };
    });
}

export interface ShownVersion extends VersionContents {
  /** Branches that it serves. */
  readonly serves: readonly string[];
  readonly struck: readonly string[];
}

export async function show(store: StoreAccess, version: string): Promise<ShownVersion> {
  const id = await resolveVersion(store, version);
  const contents = await readVersion(store, id);
  const struck = await readStruck(store);
  const serves = (await readBranches(store)).filter((record) => Object.values(record.lines).some((line) => line.active === id)).map((record) => record.branch);
  return { ...contents, serves, struck: contents.pairs.map((pair) => pair.id).filter((pair) => struck.has(pair)) };
}

/** How much of a version's training it kept, in words. */
export function keptOfTraining({ share, shrunkTo }: Pick<Manifest, 'share' | 'shrunkTo'>): string {
  return `${share === 1 ? 'the whole step' : `${share} times its step`}${shrunkTo === 1 ? '' : `, then shrunk towards the base to ${shrunkTo}`}`;
}

export interface Comparison {
  readonly a: Manifest;
  readonly b: Manifest;
  /** Ids of pairs that only one of them was taught. */
  readonly onlyInA: readonly string[];
  readonly onlyInB: readonly string[];
  /** The version that both descend from; null: the base model. */
  readonly commonAncestor: string | null;
}

/** Each side's figures are against its own parent; they compare only where the parent is the same. */
export async function compare(store: StoreAccess, options: { readonly a: string; readonly b: string }): Promise<Comparison> {
  const [a, b] = await Promise.all([show(store, options.a), show(store, options.b)]);
  const inA = new Set(a.pairs.map(({ id }) => id));
  const inB = new Set(b.pairs.map(({ id }) => id));
  const ancestors = await ancestorsOf(store, a.manifest.id);
  const shared = (await ancestorsOf(store, b.manifest.id)).find((id) => ancestors.includes(id));
  return {
    a: a.manifest,
    b: b.manifest,
    onlyInA: [...inA].filter((id) => !inB.has(id)),
    onlyInB: [...inB].filter((id) => !inA.has(id)),
    commonAncestor: shared ?? null,
  };
}

/** A version by its id or the beginning of it. */
export async function resolveVersion(store: StoreAccess, text: string): Promise<string> {
  const matches = (await listManifests(store)).map(({ id }) => id).filter((id) => text.length >= 4 && id.startsWith(text));
  if (matches.length > 1) throw new LearningError('noVersion', `"${text}" begins ${matches.length} versions. Give more of the id.`, { matches });
  const [id] = matches;
  if (id === undefined) throw unknownVersion(text);
  return id;
}

export interface PlaceboRate {
  readonly tried: number;
  readonly promoted: number;
}

export async function placeboRate(store: StoreAccess): Promise<PlaceboRate> {
  const tried = (await readJournal(store)).filter((line) => line.placebo?.tried);
  return { tried: tried.length, promoted: tried.filter((line) => line.placebo?.promoted).length };
}

/** Newest first, the version itself included. */
async function ancestorsOf(store: StoreAccess, id: string): Promise<string[]> {
  const parents = new Map((await listManifests(store)).map((manifest) => [manifest.id, manifest.parent]));
  const ids: string[] = [];
  for (let at: string | null = id; at !== null && !ids.includes(at); at = parents.get(at) ?? null) ids.push(at);
  return ids;
}
