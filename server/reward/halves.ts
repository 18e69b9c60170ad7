// Which half a probe or span belongs to: candidates are chosen on one and judged on the other, the larger one, since it decides. The halves of one cycle
// share no file, so that nothing is judged on neighbours of what it was chosen on; a commit of few files is split inside its files instead, each
// cut into an upper and a lower part, because a half without items could judge nothing. What a probe was once given it keeps.
import { sha256 } from '../base/hash.ts';
import type { Half } from './probe.ts';

export interface Placed {
  readonly id: string;
  readonly path: string;
  /** Offset in the file. */
  readonly at: number;
}

export interface HalvesRequest {
  readonly items: readonly Placed[];
  /** By id, of probes that are stored (`knownHalves`). */
  readonly known: ReadonlyMap<string, Half>;
  /** Tests and sources are split each for itself: their items differ so much that a half of one kind would not speak for the other. */
  readonly isTest: (path: string) => boolean;
}

/** From this many files on, whole files are dealt out; below, a half would rest on one or two. */
const filesToSplitByFile = 6;
/** Items judged on for each one chosen on. */
const judgedPerChosen = 3;

/** By id. Deterministic: a function of the items alone, whatever their order. */
export function assignHalves({ items, known, isTest }: HalvesRequest): Map<string, Half> {
  const files = new Map<string, Placed[]>();
  for (const item of items) files.set(item.path, [...(files.get(item.path) ?? []), item]);
  const byFile = files.size >= filesToSplitByFile;
  const halves = new Map<string, Half>();
  for (const ofTests of [false, true]) {
    const lead = { value: 0 };
    const ordered = [...files].filter(([path]) => isTest(path) === ofTests).sort(([a, some], [b, others]) => others.length - some.length || compare(sha256(a), sha256(b)));
    for (const [, list] of ordered) keepKnown(list, { halves, lead }, { known, byFile });
    for (const [, list] of ordered) {
      const fresh = list.filter(({ id }) => !halves.has(id)).sort((a, b) => a.at - b.at || compare(a.id, b.id));
      const cut = byFile ? fresh.length : Math.ceil((fresh.length * judgedPerChosen) / (judgedPerChosen + 1));
      deal(fresh.slice(0, cut), { halves, lead });
      deal(fresh.slice(cut), { halves, lead });
    }
  }
  return halves;
}

/** For items found later, one file at a time: a file that has items already keeps their half; others get one by their name's hash. */
export function halfByFile(items: readonly { readonly path: string; readonly half: Half }[]): (path: string) => Half {
  const known = new Map(items.map(({ path, half }) => [path, half]));
  return (path) => known.get(path) ?? (Number.parseInt(sha256(path).slice(0, 2), 16) % (judgedPerChosen + 1) === 0 ? 'select' : 'judge');
}

/** The halves that stored items were given. */
export function knownHalves(items: Iterable<{ readonly id: string; readonly half: Half }>): Map<string, Half> {
  return new Map([...items].map(({ id, half }) => [id, half]));
}

interface Dealing {
  readonly halves: Map<string, Half>;
  /** Items judged with minus what they should be for those chosen with, so far. */
  readonly lead: { value: number };
}

/** Stored items keep their half; where whole files are dealt, what is new in such a file goes where most of the known went. */
function keepKnown(list: readonly Placed[], to: Dealing, { known, byFile }: { readonly known: ReadonlyMap<string, Half>; readonly byFile: boolean }): void {
  const judged = list.filter(({ id }) => known.get(id) === 'judge');
  const chosen = list.filter(({ id }) => known.get(id) === 'select');
  give(judged, 'judge', to);
  give(chosen, 'select', to);
  if (!byFile || judged.length + chosen.length === 0) return;
  give(list.filter(({ id }) => !known.has(id)), judged.length >= chosen.length ? 'judge' : 'select', to);
}

/** All of a part to the half that is short of its share so far; judging comes first. */
function deal(part: readonly Placed[], to: Dealing): void {
  give(part, to.lead.value <= 0 ? 'judge' : 'select', to);
}

function give(part: readonly Placed[], half: Half, { halves, lead }: Dealing): void {
  lead.value += half === 'judge' ? part.length : -judgedPerChosen * part.length;
  for (const { id } of part) halves.set(id, half);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
