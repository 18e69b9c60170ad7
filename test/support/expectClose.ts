// Compares arrays of numbers within a tolerance and says where they differ most.
import { expect } from 'vitest';
import type { Tolerance } from './tolerances.ts';

export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance, what: string): void {
  expect(actual.length, `${what}: length`).toBe(expected.length);
  let worst = { excess: Number.NEGATIVE_INFINITY, index: -1 };
  for (let index = 0; index < expected.length; index++) {
    const [a, b] = [actual[index] ?? Number.NaN, expected[index] ?? Number.NaN];
    const excess = Math.abs(a - b) - tolerance.absolute - tolerance.relative * Math.abs(b);
    if (Number.isNaN(excess)) expect.fail(`${what}[${index}]: ${a} is not ${b}`);
    if (excess > worst.excess) worst = { excess, index };
  }
  if (worst.excess > 0) expect.fail(`${what}[${worst.index}]: ${actual[worst.index]} is not ${expected[worst.index]}`);
}
