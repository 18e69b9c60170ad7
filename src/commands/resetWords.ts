// What the confirmation of a reset asks; what is lost, and what is not, are the server's words. The parent is the active version's, one step back,
// and not that of the branch. Pure.
export interface ResetWords {
  readonly message: string;
  readonly detail: string;
  readonly button: string;
}

export function resetWords(branch: string, to: 'parent' | 'base', whatIsLost: string): ResetWords {
  const where = to === 'parent' ? 'the version before the active one' : 'the base model';
  return {
    message: `Reset branch "${branch}" to ${where}?`,
    detail: whatIsLost,
    button: to === 'parent' ? 'Reset to Version Before' : 'Reset to Base',
  };
}
