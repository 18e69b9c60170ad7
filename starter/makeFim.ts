// Fill-in-the-middle documents: fim.bin and fimShort.bin to train on, heldOutFim.jsonl to measure line completion with and without context.
// The short ones hold a few lines and no context: nine middles in a row of 1,024 tokens instead of two, so that going on exactly where the
// prefix ends is learnt sooner.
// Usage: npx tsx starter/makeFim.ts WORK MODEL
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Declaration, type ParsedFile, SyntaxReader } from './declarations.ts';
import { Encoder, writeShard } from './encoder.ts';
import { headOf, type ParsedPackage, parsePackages } from './packages.ts';
import { Random } from './random.ts';
import { readSources } from './sources.ts';
import { fillInTheMiddle, type Snippet } from './templates.ts';

const charactersPerDocument = 1100;
const [work = 'work', model = 'models/starter'] = process.argv.slice(2);
const encoder = new Encoder(model);
const reader = await SyntaxReader.create();
const random = new Random(2);
const documents: number[][] = [];
const shortDocuments: number[][] = [];
const heldOut: string[] = [];

for (const parsed of parsePackages((await readSources(work)).filter((file) => file.isLatest), reader)) {
  for (const file of parsed.files) {
    const isPython = file.path.endsWith('.py');
    const share = isPython ? 0.3 : file.path.includes('examples/') || parsed.repository === 'three' ? 0.4 : 1;
    const wanted = (file.text.length / charactersPerDocument) * share * (parsed.heldOut ? 0.5 : 1);
    const count = Math.floor(wanted) + (random.chance(wanted % 1) ? 1 : 0);
    for (let i = 0; i < count; i++) {
      const span = chooseSpan(file, parsed.heldOut);
      if (span === undefined) continue;
      const asServed = parsed.heldOut || random.chance(0.55) ? servedContext(parsed, file, span) : [];
      const context = asServed.length > 0 ? asServed : contextFor(parsed, file, span);
      const { prefix, suffix } = windowAround(file.text, span, random.chance(0.7) ? 1200 : 200 + random.below(1000), 60 + random.below(340));
      const middle = file.text.slice(span.start, span.end);
      if (parsed.heldOut) {
        if (asServed.length > 0) heldOut.push(JSON.stringify({ repository: parsed.repository, context, path: file.path, prefix, suffix, middle }));
      } else documents.push(encoder.encode(fillInTheMiddle({ repository: parsed.repository, context: random.chance(0.8) ? context : [], path: file.path, prefix, suffix, middle })));
    }
    const nShort = parsed.heldOut || isPython || parsed.repository === 'three' ? 0 : file.text.length / 650;
    for (let i = 0; i < nShort; i++) {
      const span = chooseSpan(file, random.chance(0.85));
      if (span === undefined || span.end - span.start > 250) continue;
      const { prefix, suffix } = windowAround(file.text, span, 80 + random.below(400), 20 + random.below(120));
      shortDocuments.push(encoder.encode(fillInTheMiddle({ repository: parsed.repository, context: [], path: file.path, prefix, suffix, middle: file.text.slice(span.start, span.end) })));
    }
  }
}
writeShard(work, 'fimShort', random.shuffle(shortDocuments));
writeShard(work, 'fim', random.shuffle(documents.filter((document) => document.length < 1000)));
writeFileSync(join(work, 'heldOutFim.jsonl'), `${random.shuffle(heldOut).slice(0, 400).join('\n')}\n`);

interface Span {
  start: number;
  end: number;
}

// Half the middles end a line; the cut lies where people stop typing: after an identifier, punctuation, or an indentation.
function chooseSpan(file: ParsedFile, lineOnly: boolean): Span | undefined {
  const { text } = file;
  const kind = lineOnly ? 0 : random.next();
  if (kind < 0.5) {
    for (let attempt = 0; attempt < 8; attempt++) {
      const at = random.below(text.length);
      const lineStart = text.lastIndexOf('\n', at - 1) + 1;
      const lineEnd = text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at);
      const line = text.slice(lineStart, lineEnd);
      if (line.trim().length < 6 || (/^\s*(\/\/|\*|\/\*|#)/.test(line) && !random.chance(0.1))) continue;
      const indent = line.length - line.trimStart().length;
      const cuts = [...line.matchAll(/[\w$]+|[^\w\s$]|\s+/g)].map((match) => match.index + match[0].length).filter((cut) => cut >= indent && cut < line.trimEnd().length - 1);
      const cut = random.chance(0.15) ? indent + random.below(Math.max(1, line.length - indent - 2)) : cuts.length > 0 ? random.pick(cuts) : indent;
      if (line.slice(cut).trim().length < 2) continue;
      return { start: lineStart + cut, end: lineEnd };
    }
    return undefined;
  }
  if (kind < 0.67 && file.expressions.length > 0) return random.pick(file.expressions);
  const bodies = file.declarations.filter((declaration) => declaration.body !== undefined && declaration.body.end - declaration.body.start > 12 && declaration.body.end - declaration.body.start < 700);
  if (kind < 0.83 && bodies.length > 0) return random.pick(bodies).body;
  const lines = lineStarts(text);
  const first = random.below(Math.max(1, lines.length - 3));
  const last = Math.min(lines.length - 1, first + 2 + random.below(5));
  const start = lines[first]! + (random.chance(0.5) ? indentAt(text, lines[first]!) : 0);
  return { start, end: Math.max(start + 1, lines[last]! - 1) };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
function indentAt(text: string, lineStart: number): number {
  return /^[ \t]*/.exec(text.slice(lineStart, lineStart + 80))![0].length;
}

function windowAround(text: string, span: Span, prefixLength: number, suffixLength: number): { prefix: string; suffix: string } {
  let from = Math.max(0, span.start - prefixLength);
  if (from > 0) {
    const newline = text.indexOf('\n', from);
    from = newline >= 0 && newline < span.start ? newline + 1 : from;
  }
  let to = Math.min(text.length, span.end + (random.chance(0.15) ? 0 : suffixLength));
  if (to < text.length) {
    const newline = text.lastIndexOf('\n', to);
    to = newline >= span.end ? newline : to;
  }
  return { prefix: text.slice(from, span.start), suffix: text.slice(span.end, to) };
}

// Declarations that the middle or its surroundings refer to, from other files first; sometimes one that does not help.
function contextFor(parsed: ParsedPackage, file: ParsedFile, span: Span): Snippet[] {
  const near = new Set(file.text.slice(span.start, span.end).match(/[A-Za-z_$][\w$]{3,}/g) ?? []);
  const around = new Set(file.text.slice(Math.max(0, span.start - 400), span.start).match(/[A-Za-z_$][\w$]{3,}/g) ?? []);
  const found: Declaration[] = [];
  const add = (name: string): void => {
    const candidates = (parsed.byName.get(name) ?? []).filter((declaration) => declaration.path !== file.path || declaration.end < span.start - 1200 || declaration.start > span.end + 400);
    if (candidates.length === 0 || candidates.length > 12) return;
    const chosen = candidates.find((declaration) => declaration.path !== file.path && file.imports.has(declaration.name)) ?? random.pick(candidates);
    if (!found.includes(chosen)) found.push(chosen);
  };
  for (const name of random.shuffle([...near])) if (found.length < 2) add(name);
  for (const name of random.shuffle([...around])) if (found.length < 3) add(name);
  if (random.chance(0.3)) {
    const stranger = random.pick(parsed.files);
    if (stranger.path !== file.path && stranger.declarations.length > 0) found.push(random.pick(stranger.declarations));
  }
  return random.shuffle(found.slice(0, 1 + random.below(4))).map((declaration) => headOf(declaration, 150 + random.below(350)));
}

// As the product serves it: per imported file, in import order, the signatures of the names used near the cursor, chosen without the middle.
function servedContext(parsed: ParsedPackage, file: ParsedFile, span: Span): Snippet[] {
  const near = new Set(`${file.text.slice(Math.max(0, span.start - 1500), span.start)} ${file.text.slice(span.end, span.end + 500)}`.match(/[A-Za-z_$][\w$]*/g) ?? []);
  const byPath = new Map<string, string[]>();
  let left = 300 + random.below(700);
  for (const [name, module] of file.imports) {
    if (!module.startsWith('.') || !near.has(name)) continue;
    const stem = module.split('/').pop()!.replace(/\.[a-z]+$/, '');
    const declaration = (parsed.byName.get(name) ?? []).find((other) => other.path !== file.path && other.kind !== 'method' && other.path.includes(stem)) ?? (parsed.byName.get(name) ?? []).find((other) => other.path !== file.path && other.kind !== 'method');
    if (declaration === undefined) continue;
    const line = shown(declaration, parsed);
    if (line.length > left) continue;
    left -= line.length;
    byPath.set(declaration.path, [...(byPath.get(declaration.path) ?? []), line]);
  }
  return [...byPath].map(([path, lines]) => ({ path, text: lines.join('\n') }));
}

function shown(declaration: Declaration, parsed: ParsedPackage): string {
  if (declaration.kind === 'class') {
    const members = declaration.members.slice(0, 8).flatMap((name) => (parsed.byName.get(name) ?? []).filter((member) => member.qualifiedName === `${declaration.name}.${name}` && member.path === declaration.path).slice(0, 1));
    return [declaration.signature, ...members.map((member) => `  ${member.signature}`)].join('\n');
  }
  const isData = declaration.kind !== 'function';
  return isData && declaration.text.length <= 300 ? headOf(declaration, 300).text : declaration.signature;
}
