// The review of one version as a page: draws what the panel sends, sends what the user presses. Unsent marks outlive hiding and reloading the page.
import '@vscode-elements/elements/dist/vscode-badge/index.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import '@vscode-elements/elements/dist/vscode-textarea/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type { Review } from '../../../server/protocol/assistant.ts';
import { toReviewPageSchema, type FromReviewPage } from '../../../server/protocol/reviewPage.ts';
import { lossChart, retentionChart, type Chart } from './charts.ts';
import { element, letScrollersFocus, section } from './element.ts';
import { pairList } from './pairList.ts';
import { completionsSection, figuresSection, headOf, leftOutSection, recipeSection } from './sections.ts';
import { noMarks, offers, retrainMessage, type Marks } from './reviewModel.ts';
import { quiet, statusAfter, type StatusLine } from './statusLine.ts';

/** What VS Code gives to a webview's page. */
declare function acquireVsCodeApi(): { postMessage(message: FromReviewPage): void; getState(): unknown; setState(state: unknown): void };

const vscode = acquireVsCodeApi();
const said = element('p', { role: 'status', 'aria-live': 'polite', class: 'said' });
const progress = element('vscode-progress-bar', { hidden: true });
const bar = element('nav', { class: 'actions', 'aria-label': 'Actions' });
const content = element('main', {});
document.body.append(bar, progress, said, content);

let review: Review | null = null;
let marks: Marks = noMarks;
let line: StatusLine = quiet;
let charts: readonly Chart[] = [];

function drawActions(): void {
  if (review === null) return;
  const { busy, text, severity } = line;
  const shown = review;
  const messages: Record<keyof ReturnType<typeof offers>, () => FromReviewPage> = {
    keep: () => ({ type: 'keep' }),
    reject: () => ({ type: 'reject' }),
    retrain: () => retrainMessage(shown, marks),
    rollBack: () => ({ type: 'rollBack' }),
  };
  const all = offers(shown, marks);
  const names = ['keep', 'reject', 'retrain', 'rollBack'] as const;
  const focused = names.find((name) => document.activeElement?.id === name);
  bar.replaceChildren(
    ...names.map((name) => {
      const { label, why } = all[name];
      const disabled = why !== null || busy !== null;
      const button = element('vscode-button', { id: name, secondary: name !== 'retrain', disabled, title: busy ?? why, 'aria-disabled': disabled ? 'true' : 'false' }, label);
      if (!disabled) button.addEventListener('click', () => vscode.postMessage(messages[name]()));
      return button;
    }),
  );
  if (focused !== undefined) document.getElementById(focused)?.focus();
  progress.hidden = busy === null;
  // Setting the same text again would have it read out again.
  if (said.textContent !== text) said.textContent = text;
  said.className = `said ${severity}`;
}

function mark(next: Marks): void {
  marks = next;
  vscode.setState({ version: review?.version, marks });
  drawActions();
}

function draw(shown: Review): void {
  const kept = storedMarks(shown.version);
  review = shown;
  marks = kept;
  charts = [lossChart(shown.losses), retentionChart(shown.retentionOverTime)];
  content.replaceChildren(
    headOf(shown),
    figuresSection(shown),
    section('charts', 'Training and retention', element('div', { class: 'columns' }, ...charts.map(({ figure }) => figure))),
    completionsSection(shown),
    section(
      'pairs',
      'Pairs learnt',
      element('p', { class: 'quiet' }, 'Uncheck a pair to strike it out, or edit its answer, then retrain.'),
      pairList(shown, marks, {
        learn: (pair, learn) => mark({ ...marks, learn: { ...marks.learn, [pair]: learn } }),
        answer: (pair, answer) => mark({ ...marks, answers: { ...marks.answers, [pair]: answer } }),
      }),
    ),
    leftOutSection(shown, (path) => vscode.postMessage({ type: 'open', path })),
    recipeSection(shown),
  );
  drawActions();
  fit();
}

/** State is what this page itself stored, perhaps in an older release. */
function storedMarks(version: string): Marks {
  const state = vscode.getState();
  if (typeof state !== 'object' || state === null || !('version' in state) || state.version !== version || !('marks' in state)) return noMarks;
  const { marks: stored } = state;
  if (typeof stored !== 'object' || stored === null || !('learn' in stored) || !('answers' in stored)) return noMarks;
  return { learn: { ...(stored.learn as Marks['learn']) }, answers: { ...(stored.answers as Marks['answers']) } };
}

function drawCharts(): void {
  for (const one of charts) one.draw();
}

addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const parsed = toReviewPageSchema.safeParse(data);
  if (!parsed.success) return;
  const message = parsed.data;
  if (message.type === 'review') draw(message.review);
  else {
    line = statusAfter(line, message);
    drawActions();
  }
});
function fit(): void {
  drawCharts();
  letScrollersFocus(content);
}

new ResizeObserver(fit).observe(content);
// Toggling does not bubble; what a disclosure shows is measured when it opens.
content.addEventListener('toggle', () => letScrollersFocus(content), { capture: true });
// VS Code tells a change of theme by the body's class.
new MutationObserver(drawCharts).observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
vscode.postMessage({ type: 'ready' });
