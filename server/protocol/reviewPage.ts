// Messages between the review's panel (extension host) and its page (webview). Both sides parse what they receive.
import { z } from 'zod';
import { reviewSchema } from './assistant.ts';

export const toReviewPageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('review'), review: reviewSchema }),
  /** Null: done. While something runs the buttons are disabled. */
  z.object({ type: z.literal('busy'), what: z.string().nullable() }),
  z.object({ type: z.literal('said'), severity: z.enum(['information', 'error']), message: z.string() }),
]);

export const fromReviewPageSchema = z.discriminatedUnion('type', [
  /** The page listens: send the review. */
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('keep') }),
  z.object({ type: z.literal('reject') }),
  z.object({ type: z.literal('rollBack') }),
  z.object({
    type: z.literal('retrain'),
    strike: z.array(z.string()),
    restore: z.array(z.string()),
    edits: z.array(z.object({ pair: z.string(), answer: z.string() })),
  }),
  /** A path of the repository, to be opened in an editor. */
  z.object({ type: z.literal('open'), path: z.string() }),
]);

export type ToReviewPage = z.infer<typeof toReviewPageSchema>;
export type FromReviewPage = z.infer<typeof fromReviewPageSchema>;
