// Offers that the user declined, remembered over windows: an answer is asked for once. Only the newest are kept.
import type { Memento } from 'vscode';

export interface DeclinedOffers {
  has(offer: string): boolean;
  add(offer: string): void;
}

const key = 'graft.declinedOffers';
const remembered = 200;

export function declinedOffers(memory: Pick<Memento, 'get' | 'update'>): DeclinedOffers {
  // Asked for each time: another window may have declined since.
  const all = (): readonly string[] => memory.get<readonly string[]>(key, []);
  return {
    has: (offer) => all().includes(offer),
    add: (offer) => void memory.update(key, [...all().filter((each) => each !== offer), offer].slice(-remembered)),
  };
}
