// Pairs and probes as they come back from version folders: the store keeps them as they are, so their shape is checked here.
import { z } from 'zod';
import { structuralForms, writtenForms, type SelfEditPrompt } from '../base/prompt.ts';
import type { Probe } from '../reward/probe.ts';
import type { Pair } from '../selfEdit/pair.ts';
import type { StoredItem } from '../store/version.ts';

const snippet = z.object({ path: z.string(), text: z.string() });
const fim = z.object({
  kind: z.literal('fim'),
  repository: z.string(),
  path: z.string(),
  prefix: z.string(),
  suffix: z.string(),
  context: z.array(snippet),
});
const question = z.object({ kind: z.literal('question'), repository: z.string(), question: z.string(), code: snippet.optional() });
const example = z.object({ prompt: z.discriminatedUnion('kind', [fim, question]), answer: z.string() });

const pairSchema = z.object({
  id: z.string(),
  form: z.enum([...structuralForms, ...writtenForms]),
  example,
  commit: z.string(),
  path: z.string(),
  declaration: z.string(),
  writtenBy: z.enum(['structural', 'model']),
  replayOf: z.string().optional(),
}) as unknown as z.ZodType<Pair>;

const probeSchema = z.object({
  id: z.string(),
  kind: z.enum(['assertion', 'callSite', 'addedLine', 'laterLine', 'quiz', 'kept']),
  example,
  path: z.string(),
  declaration: z.string(),
  commit: z.string(),
  half: z.enum(['select', 'judge']),
}) as unknown as z.ZodType<Probe>;

/** Items that this Graft cannot read (a newer form, say) are left out. */
export function readPairs(items: readonly StoredItem[]): Pair[] {
  return items.flatMap((item) => pairSchema.safeParse(item).data ?? []);
}

export function readProbes(items: readonly StoredItem[]): Probe[] {
  return items.flatMap((item) => probeSchema.safeParse(item).data ?? []);
}

const selfEditPromptSchema = z.object({
  kind: z.literal('selfEdit'),
  repository: z.string(),
  changeKind: z.enum(['added', 'altered', 'renamed', 'removed', 'moved']),
  declarationKind: z.string(),
  name: z.string(),
  path: z.string(),
  before: z.string(),
  after: z.string(),
  recipe: z.string().optional(),
  form: z.enum(writtenForms).optional(),
}) as unknown as z.ZodType<SelfEditPrompt>;

export function readSelfEditPrompt(value: unknown): SelfEditPrompt | null {
  return selfEditPromptSchema.safeParse(value).data ?? null;
}

export const readForeignPairs = (value: unknown): Pair[] => z.array(pairSchema).parse(value);

export function storedPair(pair: Pair): StoredItem {
  return { ...pair };
}

export function storedProbe(probe: Probe): StoredItem {
  return { ...probe };
}
