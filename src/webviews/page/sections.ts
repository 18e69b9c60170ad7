// The sections of the review that only show: head, figures, completions, recipe, cost, what was left out.
import type { Review } from '../../../server/protocol/assistant.ts';
import { countOf, shortVersion } from '../../words/versionWords.ts';
import { disclosure, element, section, table } from './element.ts';
import { costSummary, figures } from './reviewModel.ts';

export function headOf(review: Review): HTMLElement {
  const { verdict, commits } = review;
  const last = commits.at(-1);
  const state = review.active ? 'active' : verdict.promoted ? 'learnt' : 'rejected';
  return element(
    'header',
    {},
    element('h1', {}, last?.subject ?? `Version ${shortVersion(review.version)}`),
    element(
      'p',
      {},
      element('vscode-badge', { variant: review.active ? 'activity-bar-counter' : 'default' }, state),
      ` version `,
      element('code', {}, shortVersion(review.version)),
      ` on `,
      element('code', {}, review.branch),
      ...(review.learntOn === review.branch ? [] : [', learnt on ', element('code', {}, review.learntOn)]),
      review.parent === null ? ', made from the base model' : ', after version ',
      ...(review.parent === null ? [] : [element('code', {}, shortVersion(review.parent))]),
      `; candidate ${review.candidate}`,
    ),
    element('p', { class: 'explanation' }, verdict.explanation, ...(verdict.promoted ? [] : [element('span', { class: 'quiet' }, ` (${verdict.reason})`)])),
    element('ul', { class: 'commits', 'aria-label': 'Commits' }, ...commits.map(({ id, subject }) => element('li', {}, element('code', {}, id.slice(0, 7)), ` ${subject}`))),
    ...review.notes.map((note) => element('p', { class: 'quiet' }, note)),
  );
}

export function figuresSection(review: Review): HTMLElement {
  const rows = figures(review).map(({ name, value, detail, good }) => [name, element('span', { class: good === null ? 'neutral' : good ? 'good' : 'bad' }, `${good === null ? '' : good ? '▲ ' : '▼ '}${value}`), detail]);
  return section('figures', 'Before and after', table({ caption: 'This version against the one before it', head: ['Measure', 'Change', 'How sure'], rows }));
}

export function completionsSection({ completions }: Review): HTMLElement {
  const cards = completions.map(({ path, prompt, expected, before, after }) =>
    element(
      'article',
      { class: 'completion', 'aria-label': `Completion in ${path}` },
      element('h3', {}, element('code', {}, path)),
      element('pre', { 'aria-label': 'Prompt' }, lastLines(prompt, 8)),
      element('div', { class: 'sides' }, side('Before', before, expected), side('After', after, expected), side('In the commit', expected, null)),
    ),
  );
  return section('completions', 'Completions before and after', ...(cards.length === 0 ? [element('p', { class: 'quiet' }, 'None were recorded.')] : cards));
}

function side(name: string, text: string, expected: string | null): HTMLElement {
  const same = expected !== null && text.trim() === expected.trim();
  return element('div', { class: same ? 'side same' : 'side' }, element('h4', {}, same ? `${name} ✓ as in the commit` : name), element('pre', { 'aria-label': name }, text === '' ? '(nothing)' : text));
}

/** A prompt is long; the lines just before the cursor tell where it is. */
function lastLines(text: string, count: number): string {
  const lines = text.split('\n');
  return lines.length <= count ? text : `… ${lines.length - count} lines above\n${lines.slice(-count).join('\n')}`;
}

export function recipeSection(review: Review): HTMLElement {
  const phases = review.secondsByPhase.map(({ phase, seconds }) => [phase, seconds.toFixed(2)]);
  return section(
    'recipe',
    'Recipe and cost',
    element(
      'div',
      { class: 'columns' },
      table({ caption: 'Recipe', head: ['Setting', 'Value'], rows: review.recipe.map(({ name, value }) => [name, value]) }),
      table({ caption: `Cost: ${costSummary(review.secondsByPhase)}`, head: ['Phase', 'Seconds'], rows: phases }),
    ),
  );
}

export function leftOutSection(review: Review, open: (path: string) => void): HTMLElement {
  const files = review.leftOut.map(({ path, reason }) => {
    const link = element('a', { href: '#' }, path);
    link.addEventListener('click', (event) => {
      event.preventDefault();
      open(path);
    });
    return [link, reason];
  });
  const dropped = review.dropped.map(({ form, text, reason }) => [form, element('pre', {}, text), reason]);
  return section(
    'leftOut',
    'Left out',
    disclosure([`${countOf(files.length, 'file', 'files')} not learnt from`], table({ caption: 'Files that were not learnt from', head: ['File', 'Reason'], rows: files })),
    disclosure([`${countOf(dropped.length, 'pair', 'pairs')} dropped`], table({ caption: 'Pairs that were written and dropped', head: ['Form', 'Pair', 'Reason'], rows: dropped })),
  );
}
