// Questions and answers from syntax trees (question.bin) and self-edits about the changes between consecutive releases (edit.bin);
// those of held-out packages go to heldOutEdits.jsonl, to measure on. Usage: npx tsx starter/makeSelfEdits.ts WORK MODEL
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DeclarationChange, pairsOf, questions } from './changePairs.ts';
import { type Call, type Declaration, SyntaxReader } from './declarations.ts';
import { Encoder, writeShard } from './encoder.ts';
import { type ParsedPackage, parsePackages } from './packages.ts';
import { Random } from './random.ts';
import { readSources } from './sources.ts';
import { type Change, type Form, forms, type Pair, questionAndAnswer, selfEdit } from './templates.ts';

const [work = 'work', model = 'models/starter'] = process.argv.slice(2);
const encoder = new Encoder(model);
const random = new Random(3);
const packages = parsePackages(await readSources(work), await SyntaxReader.create());
const namePool = packages.filter((parsed) => !parsed.heldOut).flatMap((parsed) => [...parsed.byName.keys()]).filter((name) => /^[A-Za-z]\w{3,24}$/.test(name));
const bigNames = namePool.filter((name) => /^[A-Z]/.test(name));
const smallNames = namePool.filter((name) => /^[a-z]/.test(name));
const edits: number[][] = [];
const questionDocuments: number[][] = [];
const heldOut: string[] = [];

for (const after of packages.filter((parsed) => parsed.isLatest)) {
  const before = packages.find((parsed) => parsed.repository === after.repository && !parsed.isLatest && parsed.heldOut === after.heldOut && parsed.files.some((file) => after.files.some((other) => other.path === file.path)));
  const calls = new Map<string, Call[]>();
  for (const call of after.files.flatMap((file) => file.calls)) calls.set(call.name, [...(calls.get(call.name) ?? []).slice(0, 7), call]);
  const isPython = after.files.some((file) => file.path.endsWith('.py'));
  const changes = (before === undefined ? [] : changesBetween(before, after)).filter((change) => change.kind !== 'added' && change.kind !== 'removed' || random.chance(0.5));
  const changed = new Set(changes.map((change) => change.after));
  // Declarations that did not change are shown as added, once in a while: it needs only one release.
  for (const file of after.files) for (const declaration of file.declarations) if (!changed.has(declaration) && random.chance(isPython ? 0.12 : after.repository === 'three' ? 0.15 : 0.4)) changes.push({ kind: 'added', before: undefined, after: declaration, calls: [] });
  for (const change of changes) {
    const subject = change.after ?? change.before!;
    if (subject.text.length < 30 || (subject.kind === 'constant' && !random.chance(0.3))) continue;
    change.calls = calls.get(subject.name) ?? [];
    if (after.heldOut) {
      heldOut.push(JSON.stringify(describe(after.repository, change)));
      continue;
    }
    writeEdit(after.repository, change);
    // Small sets of changes are shown again under other names, other wordings and with other pairs.
    if (change.kind !== 'added' && random.chance(0.6)) writeEdit(after.repository, change);
  }
  if (!after.heldOut) for (const file of after.files) for (const declaration of file.declarations) writeQuestions(after.repository, declaration, isPython);
}
writeShard(work, 'edit', random.shuffle(edits));
writeShard(work, 'question', random.shuffle(questionDocuments));
writeFileSync(join(work, 'heldOutEdits.jsonl'), `${random.shuffle(heldOut).join('\n')}\n`);

function describe(repository: string, change: DeclarationChange): Change {
  const subject = change.after ?? change.before!;
  return {
    repository, kind: change.kind, declarationKind: subject.kind, qualifiedName: subject.qualifiedName, path: subject.path,
    before: (change.before?.text ?? '').slice(0, change.after === undefined ? 1100 : 700), after: (change.after?.text ?? '').slice(0, 1100),
  };
}

function writeEdit(repository: string, change: DeclarationChange): void {
  let described = describe(repository, change);
  const byForm = new Map<Form, Pair[]>(forms.map((form) => [form, []]));
  const shown = `${described.before}\n${described.after}\n${described.path}\n${change.before?.path ?? ''}\n${described.qualifiedName}`;
  const words = new Set(shown.match(/[A-Za-z_$][\w$]*/g) ?? []);
  // The text is cut; a pair about what fell off would teach inventing.
  const seen = new Set<string>();
  for (const pair of pairsOf(change, random)) {
    const inCode = pair.form === 'rewrite' || pair.form === 'usage' ? pair.answer : (pair.answer.match(/`[^`]*`/g) ?? []).join(' ');
    const isShown = (inCode.match(/[A-Za-z_$][\w$]{2,}/g) ?? []).every((word) => words.has(word) || /^(new|await|const|import|from|this|self|result|value|return)$/.test(word));
    if (isShown && !seen.has(pair.answer)) byForm.get(pair.form)!.push(pair);
    seen.add(pair.answer);
  }
  let pairs = random.shuffle([...byForm.values()].flatMap((list) => list.slice(0, 1 + random.below(2))));
  if (pairs.length < 2) return;
  if (random.chance(0.45)) ({ described, pairs } = renamed(described, pairs));
  for (; pairs.length >= 2; pairs = pairs.slice(0, -1)) {
    const document = encoder.encode(selfEdit(described, recipeLine(described), pairs));
    if (document.length < 1000) {
      edits.push(document);
      return;
    }
  }
}

// Other names in the same code: what the model must learn is to copy, not which names are common.
function renamed(change: Change, pairs: Pair[]): { described: Change; pairs: Pair[] } {
  const candidates = [...new Set(`${change.before} ${change.after}`.match(/(?<![\w$])[A-Za-z]\w{3,}(?![\w$])/g) ?? [])].filter((word) => !/^(function|return|const|class|export|interface|import|from|static|async|await|this|extends|implements|type|enum|constructor|string|number|boolean|void|undefined|null|true|false|throw|public|private|protected|readonly|typeof|instanceof|else|case|break|default|switch|while|with|None|True|False|self|elif|raise|except|result|value|Promise|Error|Array|Object)$/.test(word));
  const own = change.qualifiedName.split('.').filter((word) => /^[A-Za-z]\w{3,}$/.test(word) && word !== 'constructor');
  const chosen = new Set([...own.filter(() => random.chance(0.8)), ...random.shuffle(candidates).slice(0, 1 + random.below(4))]);
  const mapping = new Map([...chosen].map((word) => [word, random.pick(/^[A-Z]/.test(word) ? bigNames : smallNames)]));
  const replace = (text: string): string => text.replace(/[A-Za-z_$][\w$]*/g, (word) => mapping.get(word) ?? word);
  const replaceCode = (text: string): string => text.replace(/`[^`]*`/g, (quoted) => replace(quoted));
  return {
    described: { ...change, qualifiedName: replace(change.qualifiedName), before: replace(change.before), after: replace(change.after), path: replace(change.path) },
    pairs: pairs.map((pair) => ({ form: pair.form, question: replaceCode(pair.question).replace(change.path, replace(change.path)), answer: pair.form === 'rewrite' || pair.form === 'usage' ? replace(pair.answer) : replaceCode(pair.answer) })),
  };
}

// Small changes get few epochs at a high rate, large ones more; the rest is drawn, so that candidates differ.
function recipeLine(change: Change): string {
  const isLarge = change.after.length > 500;
  const mix = [`fim:${2 + random.below(4)}`, ...random.shuffle(['question', 'usage', 'rewrite', 'implication', 'contrast', 'callSite', 'signature']).slice(0, 2 + random.below(4)).map((form) => `${form}:${1 + random.below(2)}`)];
  if (change.kind === 'renamed' || change.kind === 'moved') mix.push(`rename:${2 + random.below(2)}`);
  return [
    `learningRate=${random.pick(isLarge ? ['2e-4', '3e-4', '5e-4'] : ['3e-4', '5e-4', '1e-3'])}`, `epochs=${(isLarge ? 4 : 2) + random.below(4)}`, `loss=${random.chance(0.8) ? 'answers' : 'all'}`,
    `replay=${random.pick(['0.1', '0.15', '0.2', '0.25'])}`, `rank=${random.chance(0.8) ? 16 : 32}`, `mix=${mix.join(',')}`, `augment=${random.pick(['none', 'none', 'reorder', 'context'])}`,
  ].join(' ');
}

function writeQuestions(repository: string, declaration: Declaration, isPython: boolean): void {
  if (!random.chance(isPython ? 0.1 : 0.35)) return;
  const context = { path: declaration.path, text: declaration.text.slice(0, 900) };
  const words = new Set(`${context.text} ${context.path} ${declaration.qualifiedName}`.match(/[A-Za-z_$][\w$]*/g) ?? []);
  for (const pair of random.shuffle(questions(declaration, random)).slice(0, 2)) {
    const isShown = (pair.answer.match(/`[^`]*`/g) ?? []).join(' ').match(/[A-Za-z_$][\w$]{2,}/g)?.every((word) => words.has(word)) ?? true;
    if (isShown && pair.answer.length < 400) questionDocuments.push(encoder.encode(questionAndAnswer({ repository, ...(random.chance(0.85) ? { context } : {}), question: pair.question, answer: pair.answer })));
  }
}

function changesBetween(before: ParsedPackage, after: ParsedPackage): DeclarationChange[] {
  const changes: DeclarationChange[] = [];
  const oldFiles = new Map(before.files.map((file) => [file.path, file]));
  const taken = new Set<Declaration>();
  const bare = (text: string): string => text.replace(/\s+/g, '');
  for (const file of after.files) {
    const old = oldFiles.get(file.path);
    const byName = new Map(old?.declarations.map((declaration) => [declaration.qualifiedName, declaration]));
    const added: Declaration[] = [];
    for (const declaration of file.declarations) {
      const same = byName.get(declaration.qualifiedName);
      if (same !== undefined) {
        taken.add(same);
        if (bare(same.text) !== bare(declaration.text)) changes.push({ kind: 'altered', before: same, after: declaration, calls: [] });
      } else added.push(declaration);
    }
    for (const declaration of added) {
      const elsewhere = before.byName.get(declaration.name)?.find((other) => other.qualifiedName === declaration.qualifiedName && other.path !== declaration.path && !taken.has(other) && likeness(other, declaration) > 0.5);
      const likely = old?.declarations.find((other) => !taken.has(other) && other.kind === declaration.kind && !file.declarations.some((still) => still.qualifiedName === other.qualifiedName) && other.text.length > 60 && likeness(other, declaration) > 0.6);
      const origin = elsewhere ?? likely;
      if (origin !== undefined) taken.add(origin);
      changes.push({ kind: elsewhere !== undefined ? 'moved' : likely !== undefined ? 'renamed' : 'added', before: origin, after: declaration, calls: [] });
    }
  }
  for (const file of before.files) {
    if (!after.files.some((other) => other.path === file.path)) continue;
    for (const declaration of file.declarations) if (!taken.has(declaration) && !after.byName.has(declaration.name) && random.chance(0.5)) changes.push({ kind: 'removed', before: declaration, after: undefined, calls: [] });
  }
  return changes;
}

function likeness(one: Declaration, two: Declaration): number {
  const a = new Set(one.text.match(/\w+/g) ?? []);
  const b = new Set(two.text.match(/\w+/g) ?? []);
  let shared = 0;
  for (const word of a) if (b.has(word)) shared++;
  return (2 * shared) / Math.max(1, a.size + b.size);
}
