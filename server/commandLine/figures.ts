// Figures as the command line writes them.
import type { IntervalFigure } from '../store/version.ts';

export function shortId(id: string): string {
  return id.slice(0, 8);
}

export function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(3)}`;
}

/** `+0.115 [+0.077, +0.157]`; a bound that too few items leave open is `open`. */
export function figure({ gain, low, high }: IntervalFigure): string {
  return `${signed(gain)} [${low === null ? 'open' : signed(low)}, ${high === null ? 'open' : signed(high)}]`;
}
