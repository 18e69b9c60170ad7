// An edited pair may be edited again, and back: the last wording holds, whichever wording is made anew from the commits.
import { describe, expect, it } from 'vitest';
import { asAnswered, withAnswer } from '../../../server/learning/usersAnswers.ts';
import { makePair } from '../../../server/selfEdit/pair.ts';
import { editPairs, readEdited } from '../../../server/store/editedPairs.ts';
import { memoryStore } from '../../support/sampleVersion.ts';

const pair = makePair({ form: 'question', example: { prompt: { kind: 'question', repository: 'shop', question: 'What?' }, answer: 'first' }, commit: 'c1', path: 'a.ts', declaration: 'a', writtenBy: 'structural' });
const worded = (answer: string) => withAnswer(pair, answer);

async function editedThrough(...answers: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const store = memoryStore();
  let at = pair;
  for (const answer of answers) {
    const next = withAnswer(at, answer);
    await editPairs(store, [{ pair: at.id, answer, becomes: next.id }]);
    at = next;
  }
  return readEdited(store);
}

describe('the user\'s answers', () => {
  it('are found from every earlier wording', async () => {
    const answers = await editedThrough('second', 'third');
    for (const wording of ['first', 'second', 'third']) expect(asAnswered(worded(wording), answers)).toEqual(worded('third'));
    expect(asAnswered({ ...pair, id: 'another' }, answers).id).toBe('another');
  });

  it.each([
    { title: 'to the first wording', path: ['second', 'first'], last: 'first' },
    { title: 'round and on', path: ['second', 'third', 'first', 'fourth'], last: 'fourth' },
    { title: 'to and fro', path: ['second', 'first', 'second'], last: 'second' },
    { title: 'nowhere', path: ['first'], last: 'first' },
  ])('may go back $title', async ({ path, last }) => {
    const answers = await editedThrough(...path);
    for (const wording of ['first', ...path]) expect(asAnswered(worded(wording), answers).example.answer).toBe(last);
  });
});
