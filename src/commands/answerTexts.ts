// Answers and explanations as markdown documents; chat says the same. Pure.
import type { RequestResult } from '../../server/protocol/assistant.ts';
import { shortVersion } from '../words/versionWords.ts';

export function answerText(question: string, answer: RequestResult<'ask'>): string {
  return `# ${question}\n\n${answer.text}${answer.cut ? ' …\n\n*The answer was cut at the length limit.*' : ''}\n\n---\n\n${answeredBy(answer)}\n`;
}

export function answeredBy({ version, model }: Pick<RequestResult<'ask'>, 'version' | 'model'>): string {
  return version === null ? `Answered by the base model ${model}: nothing learnt is serving here.` : `Answered by version ${shortVersion(version)} of ${model}, on this machine.`;
}

export function explanationText({ text, version, confidence, writtenBy, pairs }: NonNullable<RequestResult<'explain'>>): string {
  const nearest = pairs.map(
    ({ commit, declaration, path, similarity, version: of }) => `- \`${declaration}\` in \`${path}\`: commit ${commit.id.slice(0, 7)} "${commit.subject}", version ${shortVersion(of)}, similarity ${similarity.toFixed(2)}`,
  );
  return [
    '# Suggestion',
    `\`\`\`\n${text}\n\`\`\``,
    `${originOf(writtenBy, version)} Confidence ${(100 * confidence).toFixed(0)} %.`,
    nearest.length === 0 ? 'No learnt pair is near it.' : `## Nearest learnt pairs\n\n${nearest.join('\n')}`,
  ].join('\n\n');
}

/** A copy is not the version's writing: that only said how likely it is. */
function originOf(writtenBy: NonNullable<RequestResult<'explain'>>['writtenBy'], version: string | null): string {
  const by = version === null ? 'the base model, since nothing learnt was serving' : `version ${shortVersion(version)}`;
  return writtenBy === 'repetition' ? `Copied from open code that repeats itself, and chosen by ${by}.` : `Written by ${by}.`;
}
