// Hours of the day as people write them: `22-6` is from ten in the evening up to six in the morning.

export interface Hours {
  /** 0 to 23. */
  readonly from: number;
  /** 1 to 24; at or before `from`: on the next day. */
  readonly to: number;
}

export function isHours(text: string): boolean {
  return parse(text) !== null;
}

/** Of a text that `isHours`; else all day. */
export function readHours(text: string): Hours {
  return parse(text) ?? { from: 0, to: 24 };
}

function parse(text: string): Hours | null {
  const match = /^\s*(\d{1,2})\s*-\s*(\d{1,2})\s*$/.exec(text);
  if (match === null) return null;
  const [from, to] = [Number(match[1]), Number(match[2])];
  return from <= 23 && to <= 24 && from !== to ? { from, to } : null;
}
