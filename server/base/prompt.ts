// What a prompt means, before any model's template renders it. Everything above `tokenizer` speaks in these values;
// only `tokenizer` knows special tokens, so text from a repository can never smuggle one in.

/** How a pair is put. The first four come from the syntax tree, the others the model writes. */
export const structuralForms = ['fim', 'callSite', 'signature', 'rename'] as const;
export const writtenForms = ['rewrite', 'implication', 'question', 'usage', 'contrast'] as const;
export type StructuralForm = (typeof structuralForms)[number];
export type WrittenForm = (typeof writtenForms)[number];
export type Form = StructuralForm | WrittenForm;

/** A piece of another file shown before the file that is being completed. */
export interface ContextSnippet {
  readonly path: string;
  readonly text: string;
}

/** Fill in the middle: what completion serves, what spans ask and what most pairs teach. */
export interface FimPrompt {
  readonly kind: 'fim';
  readonly repository: string;
  readonly path: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly context: readonly ContextSnippet[];
}

/** A question about the codebase. `code`, where given, is shown before the question. */
export interface QuestionPrompt {
  readonly kind: 'question';
  readonly repository: string;
  readonly question: string;
  readonly code?: ContextSnippet;
}

/** A change about which the model writes a recipe and pairs. */
export interface SelfEditPrompt {
  readonly kind: 'selfEdit';
  readonly repository: string;
  readonly changeKind: 'added' | 'altered' | 'renamed' | 'removed' | 'moved';
  readonly declarationKind: string;
  readonly name: string;
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** The recipe line already written; absent: the model is to write it. */
  readonly recipe?: string;
  /** The form of the next pair; only with `recipe`. */
  readonly form?: WrittenForm;
}

export type Prompt = FimPrompt | QuestionPrompt | SelfEditPrompt;

/** A prompt and the text that should follow it: a training example, a probe or a scored answer. */
export interface Example {
  readonly prompt: Prompt;
  readonly answer: string;
}

/** Names an adapter that an engine holds in memory; null is the base model. Handles die with their engine process. */
export type AdapterHandle = string | null;

export interface GenerateItem {
  readonly prompt: Prompt;
  readonly adapter: AdapterHandle;
  readonly maxTokens: number;
  /** 0 is greedy. */
  readonly temperature: number;
  readonly topP?: number;
  readonly seed: number;
  /** Generation ends before the first of these; it is not part of the text. */
  readonly stop?: readonly string[];
  /** Nats: generation ends after the token with which the sum of log-probabilities falls below. */
  readonly leastLogProbability?: number;
  /** Not generated but judged: the text is this one's first `maxTokens` tokens, and `steps` say how likely the model finds them. */
  readonly draft?: string;
  /** Identifiers that code may use, keywords included: inside backticks, and in a whole answer that is code. Prose is free. */
  readonly names?: { readonly words: readonly string[]; readonly answerIsCode: boolean };
}

export interface Generated {
  readonly text: string;
  /** `unlikely`: `leastLogProbability` was passed. */
  readonly finish: 'endOfText' | 'stop' | 'length' | 'unlikely';
  readonly tokens: number;
  /** Per generated token: its log-probability and how long the text was after it; the end of text counts as a token. Absent: unknown. */
  readonly steps?: readonly { readonly logProbability: number; readonly length: number }[];
  /** Mean log-probability per generated token, nats, at temperature 1. */
  readonly meanLogProbability: number;
}

export interface ScoreItem {
  readonly example: Example;
  readonly adapter: AdapterHandle;
}

export interface Scored {
  /** Sum over the answer's tokens, nats, given that the text goes on: where it ends is not asked. */
  readonly logProbability: number;
  readonly tokens: number;
}

/** How one candidate is trained. The model may write any of these; `selfEdit` clamps what it writes. */
export interface Recipe {
  readonly learningRate: number;
  readonly epochs: number;
  /** Tokens whose loss counts. */
  readonly loss: 'answers' | 'all';
  /** Share of replayed pairs among all, 0.1 to 0.25. */
  readonly replay: number;
  readonly rank: number;
  /** Relative weight of each form when pairs are drawn under the token budget. */
  readonly mix: Readonly<Partial<Record<Form, number>>>;
  readonly augment: 'none' | 'reorder' | 'context';
}

export interface TrainCandidate {
  readonly name: string;
  readonly examples: readonly Example[];
  readonly recipe: Recipe;
  readonly seed: number;
  /** Where training starts: null is a fresh adapter (B = 0) on the base. What a paused training of the same candidate left goes on from there. */
  readonly from: AdapterHandle;
  /** Share of the steps after which to pause; absent: all of them. */
  readonly until?: number;
}

export interface TrainStep {
  readonly step: number;
  /** Mean loss over the step's loss tokens, nats. */
  readonly loss: number;
  readonly learningRate: number;
  /** Before clipping. */
  readonly gradientNorm: number;
}

export interface Trained {
  readonly name: string;
  readonly adapter: string;
  /** Those of this call. */
  readonly steps: readonly TrainStep[];
  /** Tokens of these steps, padding excluded. */
  readonly tokens: number;
  readonly seconds: number;
}

export interface ModelInfo {
  readonly name: string;
  /** SHA-256 over config.json, the weights and tokenizer.json: the identity that adapters are bound to. */
  readonly hash: string;
  readonly family: 'qwen2' | 'qwen3' | 'llama';
  readonly parameters: number;
  readonly contextTokens: number;
  /** True when the tokenizer has the control tokens for writing self-edits. */
  readonly writesSelfEdits: boolean;
  readonly engine: string;
}
