// The pairs that were learnt: a check box each (off: struck), question and answer below it, the answer editable where the pair allows.
import type { Review, ReviewedPair } from '../../../server/protocol/assistant.ts';
import { countOf } from '../../words/versionWords.ts';
import { disclosure, element } from './element.ts';
import { filterPairs, type Marks } from './reviewModel.ts';

/** More at once would make the page slow to open; the rest comes on request. */
const pairsShownAtOnce = 100;

export interface PairListEvents {
  learn(pair: string, learn: boolean): void;
  answer(pair: string, answer: string): void;
}

export function pairList(review: Review, marks: Marks, events: PairListEvents): HTMLElement {
  const list = element('ul', { class: 'pairs' });
  const count = element('p', { role: 'status', class: 'quiet' });
  const filter = element('vscode-textfield', { placeholder: 'Filter by word, file or form', class: 'filter' });
  // The elements' labels are properties, not attributes.
  filter.label = 'Filter pairs';
  const more = element('vscode-button', { secondary: true }, 'Show more pairs');
  let limit = pairsShownAtOnce;
  // What the user marks while the page is open; `marks` is where it started.
  const learn: Record<string, boolean> = { ...marks.learn };
  const answers: Record<string, string> = { ...marks.answers };
  const own: PairListEvents = {
    learn: (pair, value) => {
      learn[pair] = value;
      events.learn(pair, value);
    },
    answer: (pair, value) => {
      answers[pair] = value;
      events.answer(pair, value);
    },
  };
  const draw = (): void => {
    const found = filterPairs(review.pairs, filter.value);
    list.replaceChildren(...found.slice(0, limit).map((pair) => pairItem(pair, { learn, answers }, own)));
    count.textContent = found.length > limit ? `${limit} of ${countOf(found.length, 'pair', 'pairs')} shown` : countOf(found.length, 'pair', 'pairs');
    more.hidden = found.length <= limit;
  };
  filter.addEventListener('input', () => {
    limit = pairsShownAtOnce;
    draw();
  });
  more.addEventListener('click', () => {
    limit += pairsShownAtOnce;
    draw();
  });
  draw();
  return element('div', {}, filter, count, list, more);
}

function pairItem(pair: ReviewedPair, marks: Marks, events: PairListEvents): HTMLElement {
  const learn = marks.learn[pair.id] ?? !pair.struck;
  const box = element('vscode-checkbox', { class: 'pair-box' }, element('span', { class: 'spoken' }, `Learn ${pair.declaration}, ${formWords(pair.form)}, from ${pair.path}`));
  box.checked = learn;
  const title = element('span', { class: 'pair-title' }, element('code', {}, pair.declaration), ` ${formWords(pair.form)} · ${pair.path} · ${pair.writtenBy}`);
  const item = element('li', { class: learn ? 'pair' : 'pair struck' });
  box.addEventListener('change', () => {
    item.classList.toggle('struck', !box.checked);
    events.learn(pair.id, box.checked);
  });
  item.append(box, disclosure([title], element('h4', {}, 'Question'), element('pre', {}, pair.question), element('h4', {}, 'Answer'), answerOf(pair, marks, events)));
  return item;
}

function answerOf(pair: ReviewedPair, marks: Marks, events: PairListEvents): HTMLElement {
  const answer = marks.answers[pair.id] ?? pair.answer;
  if (!pair.editable) return element('pre', {}, answer);
  const field = element('vscode-textarea', { monospace: true, resize: 'vertical', rows: Math.min(14, Math.max(3, answer.split('\n').length)), class: 'answer' });
  field.label = `Answer of ${pair.declaration}; edit it before retraining`;
  field.value = answer;
  field.addEventListener('input', () => events.answer(pair.id, field.value));
  return field;
}

/** `callSite` as "call site", `fim` as what it is. */
function formWords(form: string): string {
  if (form === 'fim') return 'fill in the middle';
  return form.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
