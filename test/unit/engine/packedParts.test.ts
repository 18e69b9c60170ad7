// Candidates of one length share a run; a short one does not pay for a long one's row.
import { describe, expect, it } from 'vitest';
import { packedParts } from '../../../server/engine/train/packedParts.ts';

const step = (...lengths: number[]) => lengths.map((length) => ({ ids: new Int32Array(length).fill(7), lossStart: 1 }));
const ranges = (steps: ReturnType<typeof step>[]) => packedParts(steps).map(({ first, end, packed }) => [first, end, packed.shape.tokens]);

describe('packedParts', () => {
  it('runs steps of about one length together', () => {
    expect(ranges([step(300), step(290), step(310), step(280)])).toEqual([[0, 4, 320]]);
    expect(ranges([step(300)])).toEqual([[0, 1, 304]]);
  });

  it('divides where more is saved than a run costs, and leaves no candidate out', () => {
    expect(ranges([step(300), step(90), step(80, 10), step(96)])).toEqual([[0, 1, 304], [1, 4, 96]]);
    expect(ranges([step(90), step(350), step(340)])).toEqual([[0, 1, 96], [1, 3, 352]]);
    expect(ranges([step(100), step(150)])).toEqual([[0, 2, 160]]);
  });

  it('gives each part the sequences of its own candidates', () => {
    const [long, short] = packedParts([step(300), step(20), step(30)]);
    expect(long?.packed.lossOffsets).toEqual([[0]]);
    expect(short?.packed.shape.candidates).toBe(2);
    expect(short?.packed.inputs['targets']?.shape).toEqual([2, 32]);
  });
});
