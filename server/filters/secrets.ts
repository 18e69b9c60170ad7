// Passwords, keys and tokens: secretlint's recommended rules, and patterns for what those do not know.
// What is found is never returned: a refusal names the rule, and nothing else leaves this file.
import { lintSource } from '@secretlint/core';
import { secretLintProfiler } from '@secretlint/profiler';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import type { Refusal } from './refusal.ts';

// secretlint marks every call in Node's global performance timeline and never clears it: after some 25,000 calls the timeline
// cannot be read any more. Measured: 0.21 ms a call and growing without this line, 0.04 ms and steady with it.
secretLintProfiler.mark = () => undefined;

const preset = '@secretlint/secretlint-rule-preset-recommend';
const config = {
  rules: [
    {
      id: preset,
      rule: creator,
      options: {},
      rules: [{ id: '@secretlint/secretlint-rule-aws', options: { enableIDScanRule: true } }],
    },
  ],
};

export async function findSecret(path: string, text: string): Promise<Refusal | null> {
  // A repository must not be able to switch the search off with a comment (and the preset's rule for that cannot be disabled).
  const content = text.replaceAll('secretlint-disable', 'secretlint_disable');
  const { messages } = await lintSource({
    source: { filePath: `/${path}`, content, ext: /\.[^./]+$/.exec(path)?.[0] ?? '', contentType: 'text' },
    options: { config, maskSecrets: true, noPhysicFilePath: true },
  });
  const known = messages[0];
  if (known !== undefined) return refused(known.messageId);
  const own = patterns.find(({ pattern, isReal }) => {
    for (const match of text.matchAll(pattern)) if (isReal === undefined || isReal(match[1] ?? match[0])) return true;
    return false;
  });
  return own === undefined ? null : refused(own.rule);
}

function refused(rule: string): Refusal {
  return { reason: 'secret', detail: `rule ${rule}` };
}

/** What the preset lacks. The first group, where there is one, is the secret itself. */
const patterns: readonly { readonly rule: string; readonly pattern: RegExp; readonly isReal?: (secret: string) => boolean }[] = [
  { rule: 'AnthropicKey', pattern: /\bsk-ant-[a-z0-9]+-[\w-]{40,}/g },
  { rule: 'GoogleApiKey', pattern: /\bAIza[\w-]{35}\b/g },
  { rule: 'StripeKey', pattern: /\b[sr]k_live_[0-9a-zA-Z]{16,}/g },
  { rule: 'GitLabToken', pattern: /\bglpat-[\w-]{20,}/g },
  { rule: 'HuggingFaceToken', pattern: /\bhf_[a-zA-Z0-9]{34,}\b/g },
  { rule: 'JsonWebToken', pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.([\w-]{20,})/g, isReal: isRandom },
  {
    rule: 'ConnectionString',
    pattern: /\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?):\/\/[^\s:@/'"`]+:([^\s@'"`]{4,})@[^\s'"`]+/g,
    isReal: (password) => !isPlaceholder(password),
  },
  {
    rule: 'AssignedSecret',
    pattern: /(?:password|passwd|secret|token|api_?key|private_?key|access_?key|credentials?)["']?\s*(?::\s*[\w.<>| ]+\s*)?[:=]\s*["'`]([^"'`\s]{16,200})["'`]/gi,
    isReal: (secret) => isRandom(secret) && !isPlaceholder(secret),
  },
];

function isPlaceholder(text: string): boolean {
  return /example|placeholder|changeme|dummy|sample|redacted|your[-_]|password|secret|test|xxx|\*{3}|\$\{|%s|^<.*>$|\.{3}/i.test(text);
}

/** Letters and digits mixed, at least 3.3 bits per character, and neither a path nor words with a number (`refreshed-token-123`). */
function isRandom(text: string): boolean {
  if (!/\d/.test(text) || !/[a-z]/i.test(text) || /[/\\.]\w+[/\\.]/.test(text)) return false;
  if (text.split(/[-_.:]/).every((part) => /^(?:[A-Za-z][a-z]*|\d{1,4})?$/.test(part))) return false;
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits >= 3.3;
}
