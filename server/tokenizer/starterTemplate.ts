// The starter family: every kind of prompt has control tokens of its own. Only what a model wrote about a change
// (a self-edit's answer) may spell control tokens as text, and only those that such an answer consists of.
import { unreachable } from '../base/assert.ts';
import type { Prompt, QuestionPrompt, SelfEditPrompt } from '../base/prompt.ts';
import { keepEnd, keepStart } from './cut.ts';
import { cutCode } from './cutCode.ts';
import { renderFim } from './fimTemplate.ts';
import { special } from './special.ts';
import type { Template } from './template.ts';
import type { Tokenizer } from './tokenizer.ts';

export function createStarterTemplate(tokenizer: Tokenizer): Template {
  return {
    family: 'starter',
    writesSelfEdits: true,
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
    renderAnswer: (prompt, answer) => (prompt.kind === 'selfEdit' ? encodeWithControls(tokenizer, answer) : tokenizer.encode(answer)),
    // Control tokens that may stand in a self-edit have no place in code or in an answer.
    renderStop: (prompt, stop) => (prompt.kind === 'selfEdit' ? [...stop] : [...new Set([...stop, ...answerControls])]),
    readGenerated: (_prompt: Prompt, text) => text,
  };
}

const answerControls = ['<|answer|>', '<|recipe|>', '<|form_rewrite|>', '<|form_implication|>', '<|form_question|>', '<|form_usage|>', '<|form_contrast|>'];

function renderQuestion(tokenizer: Tokenizer, prompt: QuestionPrompt, budgetTokens: number): number[] {
  const token = special(tokenizer);
  const question = [token('<|question|>'), ...keepEnd(tokenizer, prompt.question, budgetTokens - 2), token('<|answer|>')];
  if (!prompt.code) return question;
  const repository = [token('<|repo_name|>'), ...tokenizer.encode(`${prompt.repository}\n`)];
  const room = budgetTokens - question.length - repository.length - 1;
  const code = keepStart(tokenizer, `${prompt.code.path}\n${prompt.code.text}\n`, room);
  return code.length === 0 ? question : [...repository, token('<|file_sep|>'), ...code, ...question];
}

function renderSelfEdit(tokenizer: Tokenizer, prompt: SelfEditPrompt, budgetTokens: number): number[] {
  const token = special(tokenizer);
  const { repository, changeKind, declarationKind, name, path } = prompt;
  const header = tokenizer.encode(`${repository}\n${changeKind} ${declarationKind} ${name}\n${path}\n`);
  const tail = prompt.recipe === undefined ? [] : tokenizer.encode(`${prompt.recipe}\n`);
  if (prompt.form) tail.push(token(`<|form_${prompt.form}|>`));
  const room = Math.max(0, budgetTokens - header.length - tail.length - 4);
  const { before, after } = cutCode(tokenizer, prompt, room);
  return [
    token('<|self_edit|>'),
    ...header,
    token('<|before|>'),
    ...before,
    token('<|after|>'),
    ...after,
    token('<|recipe|>'),
    ...tail,
  ].slice(0, budgetTokens);
}

function encodeWithControls(tokenizer: Tokenizer, text: string): number[] {
  const token = special(tokenizer);
  const pattern = new RegExp(`(${answerControls.map((name) => name.replaceAll('|', '\\|')).join('|')})`);
  return text.split(pattern).flatMap((part) => (answerControls.includes(part) ? [token(part)] : tokenizer.encode(part)));
}
