// The two charts, drawn by uPlot in the theme's colours. Each stands in a figure with its summary as text and its numbers as a table.
import uPlot from 'uplot';
import type { Review } from '../../../server/protocol/assistant.ts';
import { gainText, shortVersion } from '../../words/versionWords.ts';
import { disclosure, element, table } from './element.ts';
import { lossSummary, retentionSummary } from './reviewModel.ts';

export interface Chart {
  readonly figure: HTMLElement;
  /** Draws anew: for a new width or a new theme. */
  draw(): void;
}

export function lossChart(losses: readonly number[]): Chart {
  const steps = losses.map((_, index) => index + 1);
  const rows = losses.map((loss, index) => [String(index + 1), loss.toFixed(4)]);
  return chart({
    title: 'Loss per training step',
    summary: lossSummary(losses),
    numbers: table({ caption: 'Loss per training step', head: ['Step', 'Loss (nats)'], rows }),
    empty: losses.length === 0,
    data: [steps, [...losses]],
    options: (colours) => ({
      scales: { x: { time: false } },
      axes: [axis(colours, 'step'), axis(colours, 'loss, nats')],
      series: [{ label: 'Step' }, { label: 'Loss', stroke: colours.line, width: 2, points: { show: losses.length < 40 } }],
    }),
  });
}

export function retentionChart(points: Review['retentionOverTime']): Chart {
  const names = points.map(({ version }) => shortVersion(version));
  const rows = points.map(({ gain, low, high, atMs }, index) => [names[index] ?? '', new Date(atMs).toLocaleString(), gainText(gain), low === null ? 'unknown' : gainText(low), high === null ? 'unknown' : gainText(high)]);
  return chart({
    title: 'Retention over time',
    summary: retentionSummary(points),
    numbers: table({ caption: 'Retention per version', head: ['Version', 'Made', 'Gain on older probes', 'Low', 'High'], rows }),
    empty: points.length === 0,
    data: [points.map((_, index) => index), points.map(({ gain }) => gain), points.map(({ low }) => low), points.map(({ high }) => high)],
    options: (colours) => ({
      scales: { x: { time: false, range: [-0.5, Math.max(points.length - 0.5, 0.5)] } },
      axes: [
        { ...axis(colours, 'version'), splits: () => points.map((_, index) => index), values: (_, ticks) => ticks.map((tick) => names[tick] ?? '') },
        axis(colours, 'nats per token'),
      ],
      series: [
        { label: 'Version' },
        { label: 'Gain', stroke: colours.line, width: 2, points: { show: true, size: 8, fill: colours.line } },
        { label: 'Low', stroke: colours.soft, width: 1, dash: [4, 4], points: { show: points.length < 3 } },
        { label: 'High', stroke: colours.soft, width: 1, dash: [4, 4], points: { show: points.length < 3 } },
      ],
    }),
  });
}

interface Colours {
  readonly line: string;
  readonly soft: string;
  readonly text: string;
  readonly grid: string;
  readonly font: string;
}

interface ChartParts {
  readonly title: string;
  readonly summary: string;
  readonly numbers: HTMLElement;
  readonly empty: boolean;
  readonly data: uPlot.AlignedData;
  readonly options: (colours: Colours) => Pick<uPlot.Options, 'scales' | 'axes' | 'series'>;
}

const height = 220;

function chart({ title, summary, numbers, empty, data, options }: ChartParts): Chart {
  const box = element('div', { class: 'plot', role: 'img', 'aria-label': `${title}. ${summary}` });
  const figure = element('figure', { class: 'chart' }, element('h3', {}, title), ...(empty ? [] : [box]), element('figcaption', {}, summary), ...(empty ? [] : [disclosure(['The numbers as a table'], numbers)]));
  let plot: uPlot | null = null;
  const draw = (): void => {
    if (empty || !box.isConnected) return;
    plot?.destroy();
    plot = new uPlot({ width: Math.max(240, box.clientWidth), height, legend: { show: false }, cursor: { show: false }, ...options(themeColours()) }, data, box);
  };
  return { figure, draw };
}

function axis(colours: Colours, label: string): uPlot.Axis {
  const line = { stroke: colours.grid, width: 1 };
  return { label, stroke: colours.text, grid: line, ticks: line, font: colours.font, labelFont: colours.font, size: label === 'step' || label === 'version' ? 44 : 64 };
}

/** A canvas knows no CSS variables: read what they are now. In high contrast the contrast border is the grid. */
function themeColours(): Colours {
  const style = getComputedStyle(document.body);
  const first = (...names: string[]): string => names.map((name) => style.getPropertyValue(name).trim()).find((value) => value !== '') ?? style.color;
  return {
    line: first('--vscode-charts-blue', '--vscode-focusBorder'),
    soft: first('--vscode-descriptionForeground', '--vscode-foreground'),
    text: first('--vscode-foreground'),
    grid: first('--vscode-contrastBorder', '--vscode-editorWidget-border', '--vscode-widget-border'),
    font: `12px ${first('--vscode-font-family')}`,
  };
}
