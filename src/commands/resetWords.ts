// What the confirmation of a reset says: what is lost, in the server's words, and what is not. Pure.
export interface ResetWords {
  readonly message: string;
  readonly detail: string;
  readonly button: string;
}

export function resetWords(branch: string, to: 'parent' | 'base', whatIsLost: string): ResetWords {
  const where = to === 'parent' ? "its parent's version" : 'the base model';
  return {
    message: `Reset branch "${branch}" to ${where}?`,
    detail: `${whatIsLost}\n\nThe versions stay in the view, and you can switch back to any whose weights are kept.`,
    button: to === 'parent' ? 'Reset to Parent' : 'Reset to Base',
  };
}
