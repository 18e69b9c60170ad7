// Texts that a span is replaced by to see whether its tests notice. A wrong value, or nothing where there is no value, rather than a
// throw: a throw is noticed by any test that merely gets there, and then every harmless fill-in would pass.
import type { Span } from './probe.ts';

type Masked = Pick<Span, 'granularity' | 'original' | 'returnType'>;

/** A span is informative when its tests fail under one of these. Two where one might happen to be the right value. */
export function brokenTexts(span: Masked): string[] {
  const { granularity, original, returnType } = span;
  if (granularity === 'expression') return wrongLiterals(original, undefined).map((literal) => `(${literal})`);
  if (granularity === 'line') return brokenStatements(original);
  if (granularity === 'block') return [''];
  if (isExpressionBody(original)) return wrongLiterals(original, returnType).map((literal) => `(${literal})`);
  if (!/\breturn\b/.test(original)) return [''];
  return wrongLiterals('', returnType).map((literal) => `return ${literal};`);
}

/** `return x` and `const a = x` keep their shape and lose their value; other statements are taken out. */
function brokenStatements(statement: string): string[] {
  const returned = /^return\s+([\s\S]+?);?$/.exec(statement);
  if (returned !== null) return wrongLiterals(returned[1] ?? '', undefined).map((literal) => `return ${literal};`);
  const assigned = /^((?:const|let|var)\s+[A-Za-z_$][\w$]*(?:\s*:[^=]+)?=(?![=>])|[A-Za-z_$][\w$.]*\s*=(?![=>]))\s*([\s\S]+?);?$/.exec(statement);
  if (assigned !== null) return wrongLiterals(assigned[2] ?? '', undefined).map((literal) => `${assigned[1] ?? ''} ${literal};`);
  return [';'];
}

/** An arrow function's body without braces, or a constant's value. */
function isExpressionBody(body: string): boolean {
  return !/^(?:return|const|let|var|if|for|while|switch|throw|try|do|function|class)\b|;\s*(?:\n|$)/.test(body.trim());
}

/** Judged by the type where one is stated, else by how the code looks. */
function wrongLiterals(code: string, type: string | undefined): string[] {
  const stated = (type ?? '').trim().replace(/^Promise<(.*)>$/s, '$1').trim();
  const text = code.trim();
  if (/^(?:number|bigint)$/.test(stated)) return ['-987654321'];
  if (stated === 'string') return ['"graft wrong"'];
  if (stated === 'boolean') return ['true', 'false'];
  if (/\[\]$|^(?:readonly\s+)?(?:Readonly)?Array</.test(stated)) return ['[987654321]'];
  if (stated !== '') return ['{ graft: "wrong" }'];
  if (/^!(?!=)/.test(text)) return [`!(${text})`];
  if (/=== | !== |==| != |<= |>= |&&|\|\|| < | > /.test(text) && !/=>/.test(text)) return [`!(${text})`];
  if (/^-?\d|[-+*/%]\s*\d|\.length$|^Math\./.test(text)) return ['-987654321'];
  if (/^["'`]/.test(text) || /\.(?:trim|slice|toUpperCase|toLowerCase|padStart|join|replace)\([^()]*\)$/.test(text)) return ['"graft wrong"'];
  if (text.startsWith('[')) return ['[987654321]'];
  return ['{ graft: "wrong" }'];
}
