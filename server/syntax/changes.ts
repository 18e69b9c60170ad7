// What a commit did, declaration by declaration. Declarations are matched by name first, then by likeness within the file,
// then across files; what stays unmatched was added or removed.
import type { AfterFile } from './changedLines.ts';
import type { Change, Declaration } from './declaration.ts';
import { afterFile, changedLinesOf, sameCode, shellOf } from './changedLines.ts';
import { fingerprintOf, similarity } from './similarity.ts';
import type { Fingerprint } from './similarity.ts';

export interface DeclaredVersions {
  readonly path: string;
  readonly oldPath: string;
  readonly before: readonly Declaration[];
  readonly after: readonly Declaration[];
  readonly afterText: string;
}

/** In the order of the files, and within a file in source order; removals come last. */
export function changesOf(files: readonly DeclaredVersions[]): Change[] {
  const matching = new Matching();
  for (const file of files) matchWithinFile(file, matching);
  matchAcrossFiles(files, matching);

  const siblingsOf = new Map(files.flatMap((file) => file.before.map((declaration) => [declaration, file.before] as const)));
  const changes: Change[] = [];
  for (const file of files) {
    const now = afterFile(file.afterText, file.after);
    for (const after of file.after) {
      const before = matching.beforeOf(after);
      const change = before === undefined ? added(now, after) : compared(now, { before, after, siblings: siblingsOf.get(before) ?? [] }, matching);
      if (change) changes.push(change);
    }
  }
  for (const file of files) {
    for (const before of file.before) if (!matching.hasBefore(before)) changes.push({ kind: 'removed', before, changedLines: [] });
  }
  return changes;
}

class Matching {
  private readonly byAfter = new Map<Declaration, Declaration>();
  private readonly byBefore = new Map<Declaration, Declaration>();

  add(before: Declaration, after: Declaration): void {
    this.byAfter.set(after, before);
    this.byBefore.set(before, after);
  }
  beforeOf(after: Declaration): Declaration | undefined {
    return this.byAfter.get(after);
  }
  afterOf(before: Declaration): Declaration | undefined {
    return this.byBefore.get(before);
  }
  hasBefore(before: Declaration): boolean {
    return this.byBefore.has(before);
  }
  hasAfter(after: Declaration): boolean {
    return this.byAfter.has(after);
  }
}

// Thresholds on the likeness of two declarations (similarity.ts). Across files a name that differs needs more likeness,
// because every pair of files is compared and small functions resemble each other.
const renamedInFile = 0.6;
const movedWithName = 0.5;
const renamedAcrossFiles = 0.85;
/** Across files shorter declarations are only matched by name: constants like `new Map()` are everywhere. */
const tellingLength = 80;
/** Beyond this many pairs likeness is not compared: a wholesale rewrite is additions and removals. */
const pairLimit = 40_000;

function matchWithinFile(file: DeclaredVersions, matching: Matching): void {
  matchByKey(file.before, file.after, matching, (declaration) => `${declaration.kind} ${declaration.qualifiedName}`);
  // A function that became a constant, an interface that became a type.
  matchByKey(file.before, file.after, matching, (declaration) => declaration.qualifiedName);
  const isMember = ({ qualifiedName, name }: Declaration): boolean => qualifiedName !== name;
  matchByLikeness(open(file.before, file.after, matching, (declaration) => !isMember(declaration)), matching, () => renamedInFile);
  matchMembersOfRenamed(file, matching);
  matchByLikeness(open(file.before, file.after, matching, isMember), matching, (before, after) =>
    sameOwner(before, after, file, matching) ? renamedInFile : renamedAcrossFiles,
  );
}

function matchAcrossFiles(files: readonly DeclaredVersions[], matching: Matching): void {
  const before = files.flatMap((file) => file.before);
  const after = files.flatMap((file) => file.after);
  const both = open(before, after, matching, () => true);
  matchByLikeness(both, matching, (old, now) => {
    if (old.qualifiedName === now.qualifiedName) return movedWithName;
    return Math.min(old.text.length, now.text.length) < tellingLength ? Infinity : renamedAcrossFiles;
  });
}

interface Open {
  readonly before: readonly Declaration[];
  readonly after: readonly Declaration[];
}

function open(before: readonly Declaration[], after: readonly Declaration[], matching: Matching, pick: (declaration: Declaration) => boolean): Open {
  return {
    before: before.filter((declaration) => pick(declaration) && !matching.hasBefore(declaration)),
    after: after.filter((declaration) => pick(declaration) && !matching.hasAfter(declaration)),
  };
}

/** Several with one key (overloads, getter and setter) are matched by equal text first, then in order. */
function matchByKey(
  before: readonly Declaration[],
  after: readonly Declaration[],
  matching: Matching,
  keyOf: (declaration: Declaration) => string,
): void {
  const waiting = new Map<string, Declaration[]>();
  for (const declaration of before) {
    if (matching.hasBefore(declaration)) continue;
    const key = keyOf(declaration);
    waiting.set(key, [...(waiting.get(key) ?? []), declaration]);
  }
  const take = (now: Declaration, fits: (old: Declaration) => boolean): void => {
    if (matching.hasAfter(now)) return;
    const olds = waiting.get(keyOf(now)) ?? [];
    const index = olds.findIndex(fits);
    const old = olds[index];
    if (old === undefined) return;
    olds.splice(index, 1);
    matching.add(old, now);
  };
  for (const now of after) take(now, (old) => old.text === now.text);
  for (const now of after) take(now, (old) => old.signature === now.signature);
  for (const now of after) take(now, () => true);
}

/** When a class has a new name, its members keep theirs. */
function matchMembersOfRenamed(file: DeclaredVersions, matching: Matching): void {
  for (const owner of file.after) {
    const old = matching.beforeOf(owner);
    if (old === undefined || old.qualifiedName === owner.qualifiedName) continue;
    const membersOf = (declarations: readonly Declaration[], of: Declaration) =>
      declarations.filter(({ qualifiedName }) => qualifiedName.startsWith(`${of.qualifiedName}.`));
    const both = { before: membersOf(file.before, old), after: membersOf(file.after, owner) };
    matchByKey(both.before, both.after, matching, ({ kind, name }) => `${kind} ${name}`);
  }
}

function sameOwner(before: Declaration, after: Declaration, file: DeclaredVersions, matching: Matching): boolean {
  const owner = file.before.find(({ qualifiedName }) => qualifiedName === ownerName(before));
  return ownerName(before) === ownerName(after) || (owner !== undefined && matching.afterOf(owner)?.qualifiedName === ownerName(after));
}

function ownerName({ qualifiedName, name }: Declaration): string {
  return qualifiedName.slice(0, Math.max(0, qualifiedName.length - name.length - 1));
}

/** The likest pair first, then the next among what is left. */
function matchByLikeness(
  { before, after }: Open,
  matching: Matching,
  thresholdOf: (before: Declaration, after: Declaration) => number,
): void {
  if (before.length * after.length > pairLimit) return;
  const oldPrints = before.map(fingerprintOf);
  const newPrints = after.map(fingerprintOf);
  const pairs: { readonly old: Declaration; readonly now: Declaration; readonly score: number; readonly order: number }[] = [];
  before.forEach((old, i) => {
    after.forEach((now, j) => {
      if (old.kind !== now.kind) return;
      const score = similarity(oldPrints[i] as Fingerprint, newPrints[j] as Fingerprint);
      if (score >= thresholdOf(old, now)) pairs.push({ old, now, score, order: Math.abs(i - j) });
    });
  });
  pairs.sort((a, b) => b.score - a.score || a.order - b.order);
  for (const { old, now } of pairs) if (!matching.hasBefore(old) && !matching.hasAfter(now)) matching.add(old, now);
}

function added(file: AfterFile, after: Declaration): Change {
  return { kind: 'added', after, changedLines: changedLinesOf(file, after) };
}

/** Null when nothing that means anything changed. */
function compared(
  file: AfterFile,
  { before, after, siblings }: { readonly before: Declaration; readonly after: Declaration; readonly siblings: readonly Declaration[] },
  matching: Matching,
): Change | null {
  const owner = file.declarations.find(({ qualifiedName, kind }) => qualifiedName === ownerName(after) && kind === 'class');
  const oldOwner = owner && matching.beforeOf(owner);
  const wentAlong = oldOwner !== undefined && oldOwner.path === before.path && oldOwner.qualifiedName === ownerName(before);
  const altered = before.kind !== after.kind || !sameCode(shellOf(before, siblings), shellOf(after, file.declarations));
  const kind =
    before.name !== after.name ? 'renamed' : before.path !== after.path && !wentAlong ? 'moved' : altered ? 'altered' : null;
  if (kind === null) return null;
  return { kind, before, after, changedLines: changedLinesOf(file, after, before) };
}
