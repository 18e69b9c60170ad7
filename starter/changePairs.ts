// The structural pairs of one change, for every form, in many wordings. Invariant: an answer uses only identifiers of the change's own
// text and path; what a non-contrast pair says of the present is in the new code.
import type { Call, Declaration } from './declarations.ts';
import type { Random } from './random.ts';
import type { Pair } from './templates.ts';

export interface DeclarationChange {
  kind: 'added' | 'altered' | 'renamed' | 'removed' | 'moved';
  before: Declaration | undefined;
  after: Declaration | undefined;
  calls: Call[];
}

/** All pairs that the change supports, in random wording and order; the caller draws from them. */
export function pairsOf(change: DeclarationChange, random: Random): Pair[] {
  const { before, after } = change;
  const pairs: Pair[] = [];
  if (after !== undefined) {
    pairs.push(...questions(after, random), ...rewrites(after, random), ...usages(after, change.calls, random));
  }
  pairs.push(...implications(change, random), ...contrasts(change, random));
  const own = `${before?.text ?? ''}\n${after?.text ?? ''}\n${before?.path ?? ''}\n${after?.path ?? ''}`;
  return random.shuffle(pairs.filter((pair) => isSound(pair, own)));
}

export function questions(d: Declaration, random: Random): Pair[] {
  const pairs: Pair[] = [];
  const q = random.chance(0.6) ? `\`${d.qualifiedName}\`` : `\`${d.name}\``;
  const where = random.chance(0.4) ? ` in ${d.path}` : '';
  const ask = (wordings: string[], answer: string): void => {
    pairs.push({ form: 'question', question: random.pick(wordings), answer });
  };
  const isCallable = d.kind === 'function' || d.kind === 'method';
  if (isCallable) {
    const list = d.parameters.map(shownParameter).map(code).join(', ');
    ask([`What are the parameters of ${q}${where}?`, `Which parameters does ${q}${where} take?`, `Name the parameters of ${q}, in order.`, `What does ${q}${where} take as input?`, `Which arguments does ${q} accept?`],
      d.parameters.length === 0 ? random.pick([`${q} takes no parameters.`, `None: ${q} takes no parameters.`]) : random.pick([`${list}.`, `${q} takes ${list}.`]));
    if (d.returnType !== '') ask([`What does ${q}${where} return?`, `What is the return type of ${q}${where}?`, `Which type does ${q} give back?`], random.pick([`${code(d.returnType)}.`, `${q} returns ${code(d.returnType)}.`]));
    else {
      const returned = /return ([^\n;]{2,60});?\n/.exec(d.text)?.[1];
      if (returned !== undefined && isBalanced(returned)) ask([`What does ${q}${where} return?`, `Which value does ${q} return?`], `${q} returns ${code(returned)}.`);
    }
    if (d.throws.length > 0) ask([`Which errors does ${q}${where} throw?`, `What can ${q} throw?`, `Which error must a caller of ${q} expect?`], `${q} throws ${d.throws.map(code).join(', ')}.`);
    if (d.isAsync) ask([`Is ${q} async?`, `Must a caller await ${q}?`], `Yes, ${q} is async.`);
    for (const parameter of random.shuffle([...d.parameters]).slice(0, 2)) {
      if (parameter.type !== '' && /^[\w$]+$/.test(parameter.name)) ask([`What type is the parameter \`${parameter.name}\` of ${q}?`, `Of which type is \`${parameter.name}\` in ${q}?`], `${code(parameter.type)}.`);
    }
    const optional = d.parameters.filter((parameter) => parameter.isOptional);
    if (optional.length > 0) ask([`Which parameters of ${q} are optional?`, `What may a caller of ${q} leave out?`], `${optional.map((parameter) => code(plainName(parameter.name))).join(', ')}.`);
    const used = calledIn(d);
    if (used.length > 0) ask([`What does ${q}${where} call?`, `Which functions does ${q} use?`, `On which calls does ${q} rely?`], `${q} calls ${used.map(code).join(', ')}.`);
    if (d.parameters.length > 0) ask([`How many parameters does ${q} have?`], `${['None', 'One', 'Two', 'Three', 'Four', 'Five', 'Six'][d.parameters.length] ?? 'Many'}: ${d.parameters.map((parameter) => code(plainName(parameter.name))).join(', ')}.`);
  }
  if (d.kind === 'method') ask([`Which class does \`${d.name}\` belong to?`, `Whose method is \`${d.name}\`${where}?`], `${code(d.qualifiedName.split('.')[0]!)}.`);
  if (d.members.length > 0) {
    const noun = d.kind === 'class' ? 'methods' : 'members';
    const list = d.members.slice(0, 8).map(code).join(', ');
    ask([`Which ${noun} does ${d.kind} ${q} have?`, `What are the ${noun} of ${q}${where}?`, `List the ${noun} of ${q}.`], random.pick([`${list}.`, `${q} has ${list}.`]));
  }
  if (d.extends !== '') ask([`What does ${q} extend?`, `Which class is the parent of ${q}?`], `${q} extends ${code(d.extends)}.`);
  if (d.kind === 'constant') {
    const value = /=\s*([^\n]{1,80}?);?\s*$/.exec(d.text)?.[1];
    if (value !== undefined && isBalanced(value)) ask([`What is the value of ${q}?`, `What is ${q}${where} set to?`], `${code(value)}.`);
  }
  if (d.kind === 'type') {
    const value = /=\s*([^\n]{1,100}?);?\s*$/.exec(d.text)?.[1];
    if (value !== undefined && isBalanced(value)) ask([`What is the type ${q}?`, `How is ${q} defined?`], `${code(value)}.`);
  }
  ask([`Which file declares ${q}?`, `Where is ${q} defined?`, `In which file is the ${d.kind} ${q}?`], random.pick([`${code(d.path)}.`, `${q} is in ${code(d.path)}.`]));
  ask([`What is the signature of ${q}${where}?`, `How is ${q} declared?`], `${code(d.signature)}`);
  return pairs;
}

function rewrites(d: Declaration, random: Random): Pair[] {
  const q = random.chance(0.6) ? d.qualifiedName : d.name;
  const bare = withoutComments(d.text);
  const lines = bare.split('\n');
  const answers = [takeLines(lines, 380), takeLines(lines, 160)];
  const wordings = [`Write \`${q}\` as it is now in ${d.path}.`, `What is the code of \`${q}\` now?`, `Show the current code of \`${q}\`.`, `Write the ${d.kind} \`${q}\`.`, `How is \`${q}\` written now?`, `Write \`${q}\` of ${d.path}.`, `Give the code of the ${d.kind} \`${q}\` in ${d.path}.`];
  const pairs: Pair[] = answers.map((answer) => ({ form: 'rewrite' as const, question: random.pick(wordings), answer }));
  if (d.signature.length < 200) pairs.push({ form: 'rewrite', question: random.pick([`Write the first line of \`${q}\`.`, `Write the declaration line of \`${q}\` in ${d.path}.`, `How does the ${d.kind} \`${q}\` begin?`]), answer: d.body === undefined || d.path.endsWith('.py') ? lines[0]!.trimEnd() : `${d.signature} {` });
  return pairs;
}

function usages(d: Declaration, calls: Call[], random: Random): Pair[] {
  const pairs: Pair[] = [];
  const use = (wordings: string[], answer: string): void => {
    pairs.push({ form: 'usage', question: random.pick(wordings), answer });
  };
  const q = `\`${random.chance(0.6) ? d.qualifiedName : d.name}\``;
  const end = d.path.endsWith('.py') ? '' : ';';
  const isCallable = d.kind === 'function' || d.kind === 'method';
  const callWordings = [`How is ${q} called?`, `Show a call of ${q}.`, `Write a call of ${q}.`, `How does one use ${q}?`, `Write a line that calls ${q}.`, `Call ${q} from ${d.path}.`, `Use ${q} in a line of code.`];
  if (isCallable) {
    const full = callOf(d, d.parameters);
    use(callWordings, `${awaited(d)}${full}${end}`);
    if (d.returnType !== 'void' && d.returnType !== 'None') use([`Keep the result of ${q} in a variable.`, `Call ${q} and keep what it returns.`, `Write a line that stores what ${q} returns.`], d.path.endsWith('.py') ? `result = ${awaited(d)}${full}` : `const result = ${awaited(d)}${full};`);
    const required = d.parameters.filter((parameter) => !parameter.isOptional && !parameter.name.startsWith('...') && !parameter.name.startsWith('*'));
    if (required.length < d.parameters.length) use([`Call ${q} with only what it needs.`, `Write the shortest call of ${q}.`], `${awaited(d)}${callOf(d, required)}${end}`);
  } else if (d.kind === 'class') use([`How is ${q} created?`, `Create a ${q}.`, `Write a line that makes a ${q}.`, ...callWordings], d.path.endsWith('.py') ? `${d.name}()` : `new ${d.name}(${constructorArguments(d)});`);
  else if (d.kind === 'enum' && d.members.length > 0) use([`Use a member of ${q}.`, `Write one value of ${q}.`, `How is ${q} used?`], `${d.name}.${random.pick(d.members)}`);
  else if ((d.kind === 'interface' || d.kind === 'type') && d.members.length > 0) use([`Write an object of type ${q}.`, `How is ${q} used?`, `Declare a value of type ${q}.`], `const value: ${d.name} = { ${d.members.slice(0, 5).join(', ')} };`);
  else if (d.kind === 'type' || d.kind === 'interface') use([`How is ${q} used?`, `Declare a parameter of type ${q}.`], `(value: ${d.name}) => value`);
  else use([`How is ${q} used?`, `Read ${q} in a line of code.`], `const value = ${d.name};`);
  if (d.isExported && d.kind !== 'method') {
    const module = d.path.replace(/\.[^./]+$/, '');
    use([`How is ${q} imported?`, `Import ${q}.`, `Write the import of ${q}.`], d.path.endsWith('.py') ? `from ${module.replace(/\//g, '.')} import ${d.name}` : `import { ${d.name} } from './${module}';`);
  }
  for (const call of random.shuffle([...calls]).slice(0, 6)) if (call.name === d.name) use([...callWordings, ...(call.callerName === '' ? [] : [`How does \`${call.callerName}\` call ${q}?`])], `${call.text}${end}`);
  return pairs;
}

function implications(change: DeclarationChange, random: Random): Pair[] {
  const { before, after } = change;
  const pairs: Pair[] = [];
  const subject = after ?? before!;
  const q = `\`${random.chance(0.5) ? subject.qualifiedName : subject.name}\``;
  const callerAsks = [`Since this change, what must a caller of ${q} do?`, `What follows from this change for callers of ${q}?`, `What does this change mean for code that uses ${q}?`, `How should code that uses ${q} be adapted?`, `What must users of ${q} know now?`, `After this change, how is ${q} to be used?`];
  const state = (answer: string, wordings = callerAsks): void => {
    pairs.push({ form: 'implication', question: random.pick(wordings), answer });
  };
  if (after === undefined) {
    state(random.pick([`Stop using ${q}: it is gone.`, `Nothing may use ${q} any more.`, `Remove every use of ${q}.`]));
    return pairs;
  }
  const call = code(`${awaited(after)}${callOf(after, after.parameters)}`);
  const isCallable = after.kind === 'function' || after.kind === 'method';
  if (change.kind === 'added') {
    if (isCallable) {
      state(random.pick([`Call it as ${call}.`, `A caller can now write ${call}.`, `${q} can be called as ${call}.`]));
      const required = after.parameters.filter((parameter) => !parameter.isOptional);
      if (required.length > 0) state(`Pass ${required.map((parameter) => code(plainName(parameter.name))).join(', ')}.`, [...callerAsks, `What must be passed to ${q}?`]);
    } else state(random.pick([`Use ${q} from ${code(after.path)}.`, `${q} is now available in ${code(after.path)}.`]));
    state(`${q} is now in ${code(after.path)}.`, [`What is new in ${after.path}?`, `What does ${after.path} offer since this change?`]);
  }
  if (change.kind === 'renamed') state(random.pick([`Use the new name: ${isCallable ? call : code(after.name)}.`, `Call it by its new name, ${code(after.name)}.`]));
  if (change.kind === 'moved') state(random.pick([`Import ${code(after.name)} from ${code(after.path)}.`, `Take ${code(after.name)} from ${code(after.path)}.`]));
  if (before !== undefined && isCallable) {
    const old = new Map(before.parameters.map((parameter) => [plainName(parameter.name), parameter]));
    const fresh = after.parameters.filter((parameter) => !old.has(plainName(parameter.name)));
    for (const parameter of fresh) {
      const name = code(plainName(parameter.name));
      state(parameter.isOptional ? `A caller may pass ${name}: ${call}.` : `Pass ${name}: ${call}.`, [...callerAsks, `Which parameter of ${q} is new?`, `What does ${q} take that is new?`]);
    }
    if (fresh.length === 0 && before.parameters.length > after.parameters.length) state(`Pass less: ${call}.`);
    for (const parameter of after.parameters) {
      const was = old.get(plainName(parameter.name));
      if (was !== undefined && parameter.type !== '' && was.type !== parameter.type) state(`Pass ${code(plainName(parameter.name))} as ${code(parameter.type)}.`);
    }
    if (after.returnType !== '' && after.returnType !== before.returnType) state(random.pick([`Handle ${code(after.returnType)} from ${q}.`, `Expect ${code(after.returnType)} from ${q}.`]), [...callerAsks, `What does ${q} return since this change?`]);
    if (after.isAsync && !before.isAsync) state(`Await ${q}: it is async now.`);
    for (const error of after.throws) if (!before.throws.includes(error)) state(`Handle ${code(error)}, which ${q} throws.`);
    if (before.signature === after.signature) state(random.pick([`Nothing: ${call} stays the same.`, `Callers still write ${call}.`]));
  }
  if (before !== undefined) {
    const oldMembers = new Set(before.members);
    const freshMembers = after.members.filter((member) => !oldMembers.has(member)).slice(0, 4);
    if (freshMembers.length > 0) state(`${q} now has ${freshMembers.map(code).join(', ')}.`, [...callerAsks, `What is new in ${q}?`]);
    const oldWords = new Set(before.text.match(/[A-Za-z_$][\w$]*/g) ?? []);
    const freshWords = [...new Set(withoutComments(after.text).match(/[A-Za-z_$][\w$]{3,}/g) ?? [])].filter((word) => !oldWords.has(word) && !keywords.has(word)).slice(0, 4);
    if (freshWords.length > 0) state(random.pick([`${q} now uses ${freshWords.map(code).join(', ')}.`, `It now uses ${freshWords.map(code).join(', ')}.`]), [`What does ${q} use since this change?`, `What is new in the code of ${q}?`, `Which names are new in ${q}?`]);
  }
  return pairs;
}

function contrasts(change: DeclarationChange, random: Random): Pair[] {
  const { before, after } = change;
  const pairs: Pair[] = [];
  const contrast = (wordings: string[], old: string, now: string): void => {
    pairs.push({ form: 'contrast', question: random.pick(wordings), answer: random.pick([`Before: ${old}. Now: ${now}.`, `Before: ${old}. Now: ${now}.`, `It was ${old} and is now ${now}.`]) });
  };
  if (after === undefined) {
    const q = code(before!.name);
    contrast([`What became of ${q}?`, `How was ${q} used before, and how now?`, `Is ${q} still there?`], code(isFunctionLike(before!) ? callOf(before!, before!.parameters) : before!.name), 'gone');
    return pairs;
  }
  const q = `\`${random.chance(0.5) ? after.qualifiedName : after.name}\``;
  const callNow = code(`${awaited(after)}${callOf(after, after.parameters)}`);
  if (before === undefined) {
    contrast([`What stood in ${after.path} for ${q} before, and what now?`, `How was ${q} called before, and how now?`, `Was there a ${q} before?`, `What is the difference between then and now for ${q}?`], 'nothing', isFunctionLike(after) ? callNow : code(after.signature));
    const [one, two] = random.shuffle(after.parameters.filter((parameter) => parameter.type !== '' && /^[\w$]+$/.test(parameter.name)));
    if (one !== undefined && two !== undefined) pairs.push({ form: 'contrast', question: random.pick([`How do \`${one.name}\` and \`${two.name}\` of ${q} differ?`, `What sets \`${one.name}\` apart from \`${two.name}\` in ${q}?`]), answer: `\`${one.name}\` is ${code(one.type)}, \`${two.name}\` is ${code(two.type)}.` });
    return pairs;
  }
  if (before.path !== after.path) contrast([`Where was ${q} before, and where is it now?`, `From where to where did ${q} move?`], code(before.path), code(after.path));
  if (isFunctionLike(after) && isFunctionLike(before)) {
    const callThen = code(`${awaited(before)}${callOf(before, before.parameters)}`);
    if (callThen !== callNow) contrast([`How was ${q} called before, and how now?`, `How did a call of ${q} look before, and how does it look now?`, `What changed in calls of ${q}?`], callThen, callNow);
    if (before.returnType !== after.returnType && before.returnType !== '' && after.returnType !== '') contrast([`What did ${q} return before, and what now?`, `How did the return type of ${q} change?`], code(before.returnType), code(after.returnType));
  }
  if (before.name !== after.name) contrast([`What was ${q} called before?`, `Which name did ${q} have before, and which now?`], code(before.name), code(after.name));
  if (before.signature !== after.signature && before.signature.length + after.signature.length < 330) contrast([`What was the signature of ${q} before, and what is it now?`, `How did the declaration of ${q} change?`], code(before.signature), code(after.signature));
  const [oldLine, newLine] = firstDifference(before.text, after.text);
  if (oldLine !== '' && newLine !== '' && oldLine.length + newLine.length < 200) contrast([`Which line of ${q} changed, and to what?`, `How did a line of ${q} read before, and how now?`, `What is different in ${q}?`], code(oldLine), code(newLine));
  return pairs;
}

const code = (text: string): string => `\`${text}\``;
const isFunctionLike = (d: Declaration): boolean => d.kind === 'function' || d.kind === 'method';
const awaited = (d: Declaration): string => (d.isAsync ? 'await ' : '');

function shownParameter(parameter: Declaration['parameters'][number]): string {
  const name = plainName(parameter.name);
  return parameter.type === '' || parameter.type.length > 60 ? name : `${name}${parameter.isOptional ? '?' : ''}: ${parameter.type}`;
}

/** `{ a, b = 1 }` becomes `{ a, b }`; a simple name stays. */
function plainName(name: string): string {
  if (!name.startsWith('{') && !name.startsWith('[')) return name.split(/[=:]/)[0]!.trim();
  const names = name.slice(1).split(',').map((item) => /^\s*([A-Za-z_$][\w$]*)/.exec(item)?.[1] ?? '').filter((item) => item !== '').slice(0, 4);
  return name.startsWith('{') ? `{ ${names.join(', ')} }` : `[${names.join(', ')}]`;
}

function callOf(d: Declaration, parameters: Declaration['parameters']): string {
  const [owner] = d.qualifiedName.split('.');
  const isPython = d.path.endsWith('.py');
  if (d.name === 'constructor' || d.name === '__init__') return `${isPython ? '' : 'new '}${owner}(${parameters.map((parameter) => plainName(parameter.name)).join(', ')})`;
  const receiver = d.kind !== 'method' ? '' : d.isStatic ? `${owner}.` : isPython ? 'self.' : 'this.';
  return `${receiver}${d.name}(${parameters.map((parameter) => plainName(parameter.name)).join(', ')})`;
}

function constructorArguments(d: Declaration): string {
  const list = /constructor\(([^()]*)\)/.exec(d.text)?.[1] ?? '';
  return list.split(',').map((item) => /^\s*(?:(?:public|private|protected|readonly)\s+)*(\.{0,3}[A-Za-z_$][\w$]*)/.exec(item)?.[1] ?? '').filter((name) => name !== '').join(', ');
}

function calledIn(d: Declaration): string[] {
  const body = d.body === undefined ? '' : withoutComments(d.text.slice(d.signature.length));
  const names = [...body.matchAll(/(?<![\w$.])([A-Za-z_$][\w$]{2,})\(/g)].map((match) => match[1]!);
  return [...new Set(names)].filter((name) => !keywords.has(name) && name !== d.name).slice(0, 4);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/[^\n]*/g, '$1').replace(/^\s*\n/gm, '').trimStart();
}

function takeLines(lines: string[], maxCharacters: number): string {
  let taken = '';
  for (const line of lines) {
    if (taken.length + line.length > maxCharacters && taken !== '') break;
    taken += `${taken === '' ? '' : '\n'}${line}`;
  }
  return taken.slice(0, 500).trimEnd();
}

function firstDifference(before: string, after: string): [string, string] {
  const old = withoutComments(before).split('\n').map((line) => line.trim());
  const now = withoutComments(after).split('\n').map((line) => line.trim());
  let i = 0;
  while (i < old.length && i < now.length && old[i] === now[i]) i++;
  return [old[i] ?? '', now[i] ?? ''];
}

function isBalanced(text: string): boolean {
  const open: string[] = [];
  for (const character of text.replace(/(['"])(?:\\.|(?!\1).)*\1/g, '')) {
    if ('([{'.includes(character)) open.push(')]}'['([{'.indexOf(character)]!);
    else if (')]}'.includes(character) && open.pop() !== character) return false;
    else if (character === '"' || character === "'") return false;
  }
  return open.length === 0;
}

const keywords = new Set('if for while switch catch return typeof new function super await async const let var class extends this null true false undefined else throw import export from default yield delete void in of instanceof case break continue do try finally static get set public private protected readonly def self None True False and not or is lambda with as raise except pass string number boolean'.split(' '));

// Backticks or template strings inside would end the code early; names that the change does not have would teach inventing.
function isSound(pair: Pair, own: string): boolean {
  if (pair.question.length > 300 || pair.answer.length > 520 || pair.answer.trim() === '' || pair.question.includes('\n')) return false;
  const isCode = pair.form === 'rewrite' || pair.form === 'usage';
  if (!isCode && (/``|\n/.test(pair.answer) || (pair.answer.match(/`/g)?.length ?? 0) % 2 === 1)) return false;
  if (pair.form === 'usage' && !isBalanced(pair.answer)) return false;
  const words = new Set(own.match(/[A-Za-z_$][\w$]*/g) ?? []);
  const inCode = isCode ? pair.answer : (pair.answer.match(/`[^`]*`/g) ?? []).join(' ');
  return (inCode.match(/[A-Za-z_$][\w$]*/g) ?? []).every((word) => words.has(word) || keywords.has(word) || word === 'result' || word === 'value');
}
