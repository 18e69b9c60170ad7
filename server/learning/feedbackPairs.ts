// Lines that the user typed over a suggestion of low confidence, as pairs of the next sleep cycle: the model did not know what belongs there, and
// now it stands in a commit. What was typed and never committed teaches nothing, nor does what a probe asks or a declaration keeps out.
import { Random } from '../base/random.ts';
import { fimSites, lineRanges } from '../selfEdit/fimSites.ts';
import { hiddenRanges, leakCheck, type KeptOut } from '../selfEdit/keptOut.ts';
import { makePair, type Pair } from '../selfEdit/pair.ts';
import type { ParsedTree } from '../selfEdit/parsedTree.ts';
import { overlaps } from '../selfEdit/site.ts';
import { stillGrounded } from '../selfEdit/stillGrounded.ts';
import { fimPrompt } from '../syntax/promptContext.ts';
import type { TypedOver } from './feedbackRecords.ts';

/** Different cuts of one line are different questions. */
const pairsPerLine = 2;
const mostLines = 64;

export interface TypedOverPlace {
  readonly tree: ParsedTree;
  readonly repository: string;
  readonly commit: string;
  readonly keptOut: KeptOut;
}

export function typedOverPairs(typedOver: readonly TypedOver[], { tree, repository, commit, keptOut }: TypedOverPlace): Pair[] {
  const leak = leakCheck(keptOut);
  const hidden = (path: string) => hiddenRanges(path, tree.textOf(path) ?? '', tree.declarations(path), keptOut);
  const pairs = typedOver.slice(0, mostLines).flatMap(({ path, written }) => {
    const text = tree.textOf(path);
    if (text === undefined || written.trim() === '') return [];
    const lines = text.split('\n').flatMap((line, index) => (line.trim() === written.trim() ? [index] : []));
    // Where it stands more than once nobody knows which one was typed, and the model could have copied it.
    const [line] = lines;
    const range = line === undefined || lines.length > 1 ? undefined : lineRanges(text)[line];
    if (line === undefined || range === undefined || hidden(path).some((each) => overlaps(each, range))) return [];
    const declaration = tree.tools.syntax.enclosing(path, text, range.end);
    const sites = fimSites({ path, lines: [line], declaration }, tree, new Random(`${path}:${written}`)).filter(({ masked }) => range.start <= masked.start && masked.end <= range.end);
    return sites.slice(0, pairsPerLine).map(({ form, masked }) => {
      const prompt = fimPrompt({ repository, path, text, masked, textOf: tree.textOf, hidden: hidden(path), hiddenIn: hidden }, tree.tools);
      return makePair({ form, example: { prompt, answer: text.slice(masked.start, masked.end) }, commit, path, declaration: declaration?.qualifiedName ?? '', writtenBy: 'structural' });
    });
  });
  return pairs.filter((pair) => leak(pair) === null && stillGrounded(pair, tree));
}
