// For projects without tests: the model writes its own quiz about what the commit did to held-out declarations. Quiz items are probes, never pairs;
// their version says that its reward is dense only.
import type { Example } from '../base/prompt.ts';
import { sha256 } from '../base/hash.ts';
import { present } from '../base/assert.ts';
import { Random } from '../base/random.ts';
import { isHeldOut } from '../syntax/heldOut.ts';
import { changePrompt } from './changePrompt.ts';
import type { CommitMaterial } from './commitMaterial.ts';
import { groundOf, ungrounded } from './grounding.ts';
import { namesToWrite } from './namesToWrite.ts';
import type { DroppedPair } from './pair.ts';
import { parsedTree } from './parsedTree.ts';
import { defaultRecipe, formatRecipe } from './recipe.ts';
import { cancellable, sampling, type Writer, type WriteOptions } from './writeSelfEdits.ts';
import { parseWrittenPair } from './writtenPair.ts';

/** Has the fields of reward's `Probe`. */
export interface QuizItem {
  readonly id: string;
  readonly kind: 'quiz';
  readonly example: Example;
  readonly path: string;
  readonly declaration: string;
  readonly commit: string;
  readonly half: 'select' | 'judge';
}

export interface QuizOptions extends Pick<WriteOptions, 'tools' | 'policy' | 'seed' | 'signal'> {
  /** Which half a file's probes belong to: `reward` decides. */
  readonly halfOf: (path: string) => 'select' | 'judge';
}

export interface Quiz {
  readonly items: readonly QuizItem[];
  readonly dropped: readonly DroppedPair[];
}

const questionsPerChange = 4;
const mostQuestions = 24;
const questionTokens = 96;

export async function writeQuiz(material: CommitMaterial, writer: Writer, options: QuizOptions): Promise<Quiz> {
  const tree = parsedTree(material, options.tools);
  const random = new Random(options.seed).fork('quiz');
  const changes = material.changes.filter(({ after }) => after !== undefined && isHeldOut(after));
  const asked = changes
    .flatMap((change) => {
      const prompt = { ...changePrompt(change, material, tree, { heldOutAllowed: true }), recipe: formatRecipe(defaultRecipe) };
      // Usage answers are code, questions are facts: half and half.
      return Array.from({ length: questionsPerChange }, (_, turn) => ({ change, form: turn % 2 === 0 ? ('question' as const) : ('usage' as const), prompt }));
    })
    .slice(0, mostQuestions);
  const texts = await writer.generate(
    asked.map(({ prompt, form, change }) => ({ prompt: { ...prompt, form }, adapter: options.policy, maxTokens: questionTokens, ...sampling, seed: random.nextUint32(), stop: ['\n<|form_'], names: namesToWrite(form, groundOf(change, tree)) })),
    cancellable(options),
  );
  const items = new Map<string, QuizItem>();
  const dropped: DroppedPair[] = [];
  asked.forEach(({ change, form }, index) => {
    const parsed = parseWrittenPair(form, present(texts[index]));
    if (parsed.kind === 'dropped') return void dropped.push(parsed.dropped);
    const { question, answer } = parsed.pair;
    const reason = ungrounded(parsed.pair, groundOf(change, tree));
    if (reason !== null) return void dropped.push({ form, text: `${question}<|answer|>${answer}`, reason });
    const example: Example = { prompt: { kind: 'question', repository: material.repository, question }, answer };
    const id = sha256(JSON.stringify(['quiz', question, answer]));
    const path = change.after?.path ?? '';
    items.set(id, { id, kind: 'quiz', example, path, declaration: change.after?.qualifiedName ?? '', commit: material.commit, half: options.halfOf(path) });
  });
  return { items: [...items.values()], dropped };
}
