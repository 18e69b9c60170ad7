// The control is taught as much as the versions it is compared with, and nothing twice before everything once.
import { expect, test } from 'vitest';
import { otherRepositorySteps, trainOtherRepository } from '../../../server/evaluation/otherRepository.ts';
import { makePair } from '../../../server/selfEdit/pair.ts';
import { defaultRecipe } from '../../../server/selfEdit/recipe.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { ScriptedModel } from '../../support/scriptedModel.ts';

const foreign = Array.from({ length: 5 }, (_, i) =>
  makePair({
    form: 'question',
    example: { prompt: { kind: 'question', repository: 'other', question: `What is value ${i}?` }, answer: String(i) },
    commit: 'c',
    path: 'a.ts',
    declaration: 'value',
    writtenBy: 'structural',
  }),
);
const step = (pairs: number, seed: number) => ({ pairs, seed, share: 2, shrunkTo: 0.7, recipe: { ...defaultRecipe, epochs: seed } });

test('each step has the recipe, the seed, the share, the shrinking and as many pairs as the version it stands beside', () => {
  const steps = otherRepositorySteps(foreign, [step(2, 7), step(3, 8)], 1);
  expect(steps.map(({ candidate: { examples, recipe, seed }, share, shrunkTo }) => [examples.length, recipe.epochs, seed, share, shrunkTo])).toEqual([
    [2, 7, 7, 2, 0.7],
    [3, 8, 8, 2, 0.7],
  ]);
});

test('no pair comes twice before all have come once', () => {
  const answers = otherRepositorySteps(foreign, [step(2, 1), step(3, 1), step(2, 1)], 1).flatMap(({ candidate }) => candidate.examples.map(({ answer }) => answer));
  expect(new Set(answers.slice(0, 5)).size).toBe(5);
  expect(answers.slice(5)).toEqual(answers.slice(0, 2));
});

test('without foreign pairs, or with nothing taught, there is no control', () => {
  expect(otherRepositorySteps([], [step(2, 1)], 1)).toEqual([]);
  expect(otherRepositorySteps(foreign, [], 1)).toEqual([]);
});

test('the control goes as far as each version did, and forgets its way there', async () => {
  const model = new ScriptedModel(new MemoryFiles(), { score: () => 0 });
  const adapter = await trainOtherRepository(model, otherRepositorySteps(foreign, [step(2, 1), step(3, 2)], 1));
  expect([...model.handles]).toEqual([[adapter, 'otherRepository@2@0.7>otherRepository@2@0.7']]);
  expect(await trainOtherRepository(model, [])).toBeNull();
});
