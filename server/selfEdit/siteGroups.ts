// All sites of a commit, one group per change and one per file for changed code outside declarations.
// Invariant: no site touches a held-out declaration, a span or a probe's line.
import { Random } from '../base/random.ts';
import type { StructuralForm } from '../base/prompt.ts';
import type { Change, FileVersions } from '../syntax/declaration.ts';
import { isHeldOut } from '../syntax/heldOut.ts';
import type { CommitMaterial } from './commitMaterial.ts';
import { fimSites, interleave } from './fimSites.ts';
import { callSites, renameSites, signatureSites } from './namedSites.ts';
import type { ParsedTree } from './parsedTree.ts';
import { overlaps, type Site, type SiteGroup } from './site.ts';
import { weightedTurns } from './weightedTurns.ts';

export function siteGroups(material: CommitMaterial, tree: ParsedTree, seed: number): SiteGroup[] {
  const random = new Random(seed);
  const groups = material.changes.filter((change) => change.after !== undefined && !isHeldOut(change.after)).map((change) => changeGroup(change, tree, random));
  const rest = material.versions.map((version) => looseGroup(version, material.changes, tree, random));
  return [...groups, ...rest].map((group) => withoutHidden(group, tree)).filter((group) => Object.values(group.sites).some((sites) => sites.length > 0));
}

function changeGroup(change: Change, tree: ParsedTree, random: Random): SiteGroup {
  const { after } = change;
  if (after === undefined) return { declaration: '', sites: {} };
  const own = random.fork(`${after.path}:${after.qualifiedName}`);
  return {
    declaration: after.qualifiedName,
    sites: {
      fim: fimSites({ path: after.path, lines: change.changedLines, declaration: after }, tree, own.fork('fim')),
      callSite: callSites(after, tree, own.fork('callSite')),
      signature: change.kind === 'added' || change.before?.signature !== after.signature ? signatureSites(after, tree) : [],
      rename: renameSites(change, tree, own.fork('rename')),
    },
  };
}

/** Lines of a file that the commit wrote outside every change: imports, top-level statements, the bodies of tests. */
function looseGroup(version: FileVersions, changes: readonly Change[], tree: ParsedTree, random: Random): SiteGroup {
  const path = version.path;
  if (version.after === null || !tree.tools.syntax.supports(path)) return { declaration: '', sites: {} };
  const known = new Set((version.before ?? '').split('\n').map((line) => line.trim()));
  const taught = new Set(changes.filter((change) => change.after?.path === path).flatMap((change) => change.changedLines));
  const lines = version.after.split('\n').flatMap((line, index) => (known.has(line.trim()) || taught.has(index) ? [] : [index]));
  return { declaration: '', sites: { fim: fimSites({ path, lines, declaration: null }, tree, random.fork(path)) } };
}

function withoutHidden(group: SiteGroup, tree: ParsedTree): SiteGroup {
  const allowed = (sites: readonly Site[]): Site[] => sites.filter((site) => !tree.hidden(site.path).some((range) => overlaps(range, site.masked)));
  return { ...group, sites: Object.fromEntries(Object.entries(group.sites).map(([form, sites]) => [form, allowed(sites)])) };
}

/** Sites in the order in which they become pairs: forms by their weight, and within a form one change after the other. */
export function roundRobin(groups: readonly SiteGroup[], mix: Readonly<Partial<Record<StructuralForm, number>>>): Site[] {
  const forms = Object.entries(mix) as [StructuralForm, number][];
  return weightedTurns(forms.map(([form, weight]) => ({ weight, items: interleave(groups.map((group) => group.sites[form] ?? [])) })));
}
