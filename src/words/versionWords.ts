// How versions and figures are written everywhere: status bar, tree, review, chat. Pure, and shared with the webview's page.

/** Version ids are long hashes; as git does, seven characters name one. */
export function shortVersion(id: string): string {
  return id.slice(0, 7);
}

/** Nats per token, always with its sign. */
export function gainText(gain: number): string {
  return `${gain < 0 ? '−' : '+'}${Math.abs(gain).toFixed(3)}`;
}

/** Null bounds: unbounded, because all items lie in one file and nothing tells how files differ. */
export function intervalText(low: number | null, high: number | null): string {
  if (low === null && high === null) return 'interval unknown';
  return `90 % interval ${low === null ? 'unknown' : gainText(low)} to ${high === null ? 'unknown' : gainText(high)}`;
}

export function countOf(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function parametersText(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)} billion`;
  return `${(count / 1e6).toFixed(count < 1e7 ? 1 : 0)} million`;
}
