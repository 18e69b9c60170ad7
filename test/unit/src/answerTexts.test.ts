// What the document about a suggestion says of where it came from.
import { expect, it } from 'vitest';
import { explanationText } from '../../../src/commands/answerTexts.ts';

it.each([
  ['model', 'aaaaaaaaaa', 'Written by version aaaaaaa.'],
  ['model', null, 'Written by the base model, since nothing learnt was serving.'],
  ['repetition', 'aaaaaaaaaa', 'Copied from open code that repeats itself, and chosen by version aaaaaaa.'],
  ['repetition', null, 'Copied from open code that repeats itself, and chosen by the base model, since nothing learnt was serving.'],
] as const)('a suggestion by %s under %s has one origin', (writtenBy, version, origin) => {
  const text = explanationText({ text: 'x', version, confidence: 0.42, writtenBy, pairs: [] });
  expect(text).toContain(`\n\n${origin} Confidence 42 %.\n\n`);
  expect(text.match(/Written by|Copied from/g)).toHaveLength(1);
});
