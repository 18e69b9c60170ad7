// Which candidate is suggested: a whole line before a part of one, the surer line before the less sure and with it the lines after it that are
// sure enough too, the longer part before the shorter; nothing below the confidence that is asked for.
import type { Candidate } from './candidates.ts';
import { confidenceOf, type Calibration, type MinimumConfidence } from './confidence.ts';

export interface SureCandidate {
  readonly candidate: Candidate;
  readonly confidence: number;
}

/** Best first; empty where none is sure enough. */
export function sureCandidates(candidates: readonly Candidate[], minimum: MinimumConfidence, calibration?: Calibration): SureCandidate[] {
  const isLine = ({ candidate }: Pick<SureCandidate, 'candidate'>): boolean => candidate.kind.endsWith('Line');
  const sure = candidates.map((candidate) => ({ candidate, confidence: confidenceOf(candidate, calibration) })).filter((each) => each.confidence >= (isLine(each) ? minimum.line : minimum.part));
  const lines = sure.filter(isLine).sort((a, b) => b.confidence - a.confidence);
  const parts = sure.filter((each) => !isLine(each)).sort((a, b) => b.candidate.text.length * b.confidence - a.candidate.text.length * a.confidence);
  return [...lines.map((each) => wholeBlock(each, lines)), ...parts];
}

/** The line with as many of the lines that the model wrote after it as are sure. */
function wholeBlock(line: SureCandidate, lines: readonly SureCandidate[]): SureCandidate {
  const { text, kind } = line.candidate;
  const longer = lines.filter(({ candidate }) => candidate.kind === kind && candidate.text.startsWith(`${text}\n`));
  return longer.reduce((longest, each) => (each.candidate.text.length > longest.candidate.text.length ? each : longest), line);
}
