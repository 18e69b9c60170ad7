// The special tokens, in the order of their ids, and the four templates of the training text. Invariant: what the product
// serves is the same byte for byte (server/tokenizer); a template changed here needs a new model.
export const specialTokens = [
  '<|endoftext|>', '<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>', '<|fim_pad|>', '<|repo_name|>', '<|file_sep|>', '<|question|>', '<|answer|>',
  '<|self_edit|>', '<|before|>', '<|after|>', '<|recipe|>', '<|form_rewrite|>', '<|form_implication|>', '<|form_question|>', '<|form_usage|>', '<|form_contrast|>',
] as const;
export type SpecialToken = (typeof specialTokens)[number];

/** A text part is encoded with specials disabled; a special is one token. */
export type Part = { special: SpecialToken } | { text: string };
const special = (token: SpecialToken): Part => ({ special: token });
const text = (value: string): Part => ({ text: value });

export interface Snippet {
  path: string;
  text: string;
}

export function plainFile(repository: string, file: Snippet): Part[] {
  return [special('<|repo_name|>'), text(`${repository}\n`), special('<|file_sep|>'), text(`${file.path}\n${file.text}`), special('<|endoftext|>')];
}

export function fillInTheMiddle(input: { repository: string; context: Snippet[]; path: string; prefix: string; suffix: string; middle: string }): Part[] {
  return [
    special('<|repo_name|>'), text(`${input.repository}\n`),
    ...input.context.flatMap((snippet) => [special('<|file_sep|>'), text(`${snippet.path}\n${snippet.text}\n`)]),
    special('<|file_sep|>'), text(`${input.path}\n`),
    special('<|fim_prefix|>'), text(input.prefix), special('<|fim_suffix|>'), text(input.suffix), special('<|fim_middle|>'), text(input.middle), special('<|endoftext|>'),
  ];
}

export function questionAndAnswer(input: { repository: string; context?: Snippet; question: string; answer: string }): Part[] {
  const { context } = input;
  const before = context === undefined ? [] : [special('<|repo_name|>'), text(`${input.repository}\n`), special('<|file_sep|>'), text(`${context.path}\n${context.text}\n`)];
  return [...before, special('<|question|>'), text(input.question), special('<|answer|>'), text(input.answer), special('<|endoftext|>')];
}

export const forms = ['rewrite', 'implication', 'question', 'usage', 'contrast'] as const;
export type Form = (typeof forms)[number];
export interface Pair {
  form: Form;
  question: string;
  answer: string;
}
export interface Change {
  repository: string;
  kind: 'added' | 'altered' | 'renamed' | 'removed' | 'moved';
  declarationKind: 'function' | 'method' | 'class' | 'interface' | 'type' | 'enum' | 'constant';
  qualifiedName: string;
  path: string;
  before: string;
  after: string;
}

export function selfEdit(change: Change, recipe: string, pairs: Pair[]): Part[] {
  return [
    special('<|self_edit|>'), text(`${change.repository}\n${change.kind} ${change.declarationKind} ${change.qualifiedName}\n${change.path}\n`),
    special('<|before|>'), text(`\n${change.before}\n`), special('<|after|>'), text(`\n${change.after}\n`),
    special('<|recipe|>'), text(`${recipe}\n`),
    ...pairs.flatMap((pair) => [special(`<|form_${pair.form}|>`), text(pair.question), special('<|answer|>'), text(`${pair.answer}\n`)]),
    special('<|endoftext|>'),
  ];
}
