// Learner threads that a test plays: what was posted to each, and what each says.
import type { LearnerThread } from '../../server/lsp/capabilities.ts';
import type { LearnerEvent, LearnerRequest } from '../../server/protocol/learner.ts';

export class ScriptedThread implements LearnerThread {
  readonly posted: LearnerRequest[] = [];
  terminated = false;
  private hear: (event: LearnerEvent) => void = () => undefined;
  private ended: (error: Error | null) => void = () => undefined;

  post(request: LearnerRequest): void {
    this.posted.push(request);
    if (request.type === 'close') this.say({ type: 'closed' });
  }

  onEvent(listener: (event: LearnerEvent) => void): void {
    this.hear = listener;
  }

  onEnd(listener: (error: Error | null) => void): void {
    this.ended = listener;
  }

  async terminate(): Promise<void> {
    this.terminated = true;
  }

  say(event: LearnerEvent): void {
    this.hear(event);
  }

  die(error: Error | null = null): void {
    this.ended(error);
  }
}
