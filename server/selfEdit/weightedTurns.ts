// Smooth weighted round-robin (as nginx balances servers): every beginning of the order is as close to the weights as whole items allow.

export interface Queue<T> {
  /** Nothing is taken from a queue whose weight is not positive. */
  readonly weight: number;
  readonly items: readonly T[];
}

export function weightedTurns<T>(queues: readonly Queue<T>[]): T[] {
  const state = queues.filter(({ weight }) => weight > 0).map((queue) => ({ ...queue, credit: 0, next: 0 }));
  const order: T[] = [];
  for (;;) {
    // Whoever is owed most goes next, and then owes the sum of all weights.
    const waiting = state.filter((queue) => queue.next < queue.items.length);
    if (waiting.length === 0) return order;
    for (const queue of waiting) queue.credit += queue.weight;
    const turn = waiting.reduce((best, queue) => (queue.credit > best.credit ? queue : best));
    turn.credit -= waiting.reduce((sum, queue) => sum + queue.weight, 0);
    order.push(turn.items[turn.next++] as T);
  }
}
