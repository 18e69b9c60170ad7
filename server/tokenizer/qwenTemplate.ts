// Models that fill in the middle but have no control tokens (Qwen2.5-Coder): questions and self-edits are put as plain
// text. What they write about a change is turned back into the neutral form, so that one parser reads both families.
import { unreachable } from '../base/assert.ts';
import { type QuestionPrompt, type SelfEditPrompt, writtenForms } from '../base/prompt.ts';
import { keepEnd, keepStart } from './cut.ts';
import { cutCode } from './cutCode.ts';
import { renderFim } from './fimTemplate.ts';
import { special } from './special.ts';
import type { Template } from './template.ts';
import type { Tokenizer } from './tokenizer.ts';

export function createQwenTemplate(tokenizer: Tokenizer): Template {
  return {
    family: 'qwen',
    writesSelfEdits: false,
    renderPrompt(prompt, budgetTokens) {
      switch (prompt.kind) {
        case 'fim':
          return renderFim(tokenizer, prompt, budgetTokens);
        case 'question':
          return renderQuestion(tokenizer, prompt, budgetTokens);
        case 'selfEdit':
          return renderSelfEdit(tokenizer, prompt, budgetTokens);
        default:
          return unreachable(prompt);
      }
    },
    renderAnswer(prompt, answer) {
      if (prompt.kind === 'question') return tokenizer.encode(` ${answer}`);
      return tokenizer.encode(prompt.kind === 'selfEdit' ? toLines(answer, prompt.form !== undefined) : answer);
    },
    renderStop(prompt, stop) {
      if (prompt.kind === 'question') return [...new Set([...stop, '\nQuestion:'])];
      // A pair is one line here.
      return prompt.kind === 'selfEdit' ? [...new Set(stop.map((one) => (one.startsWith('\n<|form_') ? '\n' : one)))] : [...stop];
    },
    readGenerated(prompt, text) {
      if (prompt.kind === 'question') return text.trimStart();
      return prompt.kind === 'selfEdit' ? fromLines(text, prompt.form !== undefined) : text;
    },
  };
}

const separator = ' | ';
const formOfLine = new RegExp(`^\\s*(${writtenForms.join('|')})\\s*\\|\\s*`, 'i');

function renderQuestion(tokenizer: Tokenizer, prompt: QuestionPrompt, budgetTokens: number): number[] {
  const token = special(tokenizer);
  const question = keepEnd(tokenizer, `Question: ${prompt.question}\nAnswer:`, budgetTokens);
  if (!prompt.code) return question;
  const repository = [token('<|repo_name|>'), ...tokenizer.encode(`${prompt.repository}\n`)];
  const room = budgetTokens - question.length - repository.length - 1;
  const code = keepStart(tokenizer, `${prompt.code.path}\n${prompt.code.text}\n`, room);
  return code.length === 0 ? question : [...repository, token('<|file_sep|>'), ...code, ...question];
}

function renderSelfEdit(tokenizer: Tokenizer, prompt: SelfEditPrompt, budgetTokens: number): number[] {
  const { repository, changeKind, declarationKind, name, path } = prompt;
  const opening = tokenizer.encode(
    `Repository ${repository}, file ${path}: the ${declarationKind} ${name} was ${changeKind}.\nBefore:`,
  );
  const middle = tokenizer.encode('After:');
  const closing = tokenizer.encode(
    [
      'Write short facts about the new code, one per line, as FORM | question | answer, where FORM is one of',
      `${writtenForms.join(', ')}. Use only names that occur in the code above.`,
      'First write how to train on them, as in:',
      'learningRate=3e-4 epochs=4 loss=answers replay=0.15 rank=16 mix=fim:3,question:1 augment=none',
      '',
      'Training:',
    ].join('\n') + (prompt.recipe === undefined ? '\n' : `\n${prompt.recipe}\n`),
  );
  // Without the space: the model's own first token brings it.
  const form = prompt.form ? tokenizer.encode(`${prompt.form}${separator.trimEnd()}`) : [];
  const room = Math.max(0, budgetTokens - opening.length - middle.length - closing.length - form.length);
  const { before, after } = cutCode(tokenizer, prompt, room);
  return [...opening, ...before, ...middle, ...after, ...closing, ...form].slice(-budgetTokens);
}

function toLines(neutral: string, formGiven: boolean): string {
  const text = neutral.replaceAll('<|answer|>', separator).replaceAll(/<\|form_(\w+)\|>/g, `$1${separator}`);
  return formGiven ? ` ${text}` : text;
}

function fromLines(text: string, formGiven: boolean): string {
  return text
    .split('\n')
    .map((line, index) => {
      const form = formGiven && index === 0 ? undefined : formOfLine.exec(line);
      const rest = form ? line.slice(form[0].length) : line.trimStart();
      const marker = form ? `<|form_${String(form[1]).toLowerCase()}|>` : '';
      return `${marker}${rest.replace(/\s+\|\s+/, '<|answer|>')}`;
    })
    .join('\n');
}
