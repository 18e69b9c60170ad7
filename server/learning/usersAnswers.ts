// Answers of the user's in place of those that pairs were made with. An answered pair has an id of its own, and it may be answered again: an answer is
// looked up for each id that a pair comes to have, until none is left.
import { makePair, type Pair } from '../selfEdit/pair.ts';

/** The pair as the user last worded it; itself where the user did not. Ends: `editPairs` forgets the answer for what a newer one leads to. */
export function asAnswered(pair: Pair, answers: ReadonlyMap<string, string>): Pair {
  const answer = answers.get(pair.id);
  return answer === undefined ? pair : asAnswered(withAnswer(pair, answer), answers);
}

export function withAnswer(pair: Pair, answer: string): Pair {
  const { id: _id, ...fields } = pair;
  return makePair({ ...fields, example: { ...pair.example, answer } });
}
