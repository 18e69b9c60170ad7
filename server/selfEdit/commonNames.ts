// Words that code may use without the repository declaring them: keywords, built-in types and the standard library's everyday names.
// Short on purpose: a name that is missing here only costs a pair, a name too many lets an invented call through.

export function isKeyword(word: string): boolean {
  return keywords.has(word);
}

export function isCommonName(word: string): boolean {
  return keywords.has(word) || commonNames.has(word);
}

const keywords = new Set(
  `abstract and any as asserts assert async await bigint bool boolean break case catch class const constructor continue debugger declare def default del
  delete do elif else enum except export extends false finally for from function get global if implements import in infer instanceof interface
  is keyof lambda let module namespace never new None nonlocal not null number object of or override package pass private protected public
  raise readonly require return satisfies self set static string super switch symbol this throw True False true try type typeof undefined unique
  unknown until using var void while with yield str int float bytes list dict tuple`.split(/\s+/),
);

const commonNames = new Set(
  `Array ArrayBuffer BigInt Boolean Buffer Date Error EvalError Float32Array Float64Array Function Infinity Int32Array Iterable Iterator AsyncIterable
  JSON Map Math NaN Number Object Omit Partial Pick Promise Proxy RangeError Readonly ReadonlyArray ReadonlyMap ReadonlySet Record Reflect RegExp Required
  ReturnType Parameters Set String Symbol SyntaxError TypeError URL Uint32Array Uint8Array WeakMap WeakSet AbortController AbortSignal
  console process globalThis window document setTimeout clearTimeout setInterval structuredClone queueMicrotask parseInt parseFloat isNaN exports arguments
  abs at apply bind call ceil charCodeAt code codePointAt concat assign create entries every fill filter find findIndex findLast flat flatMap floor forEach
  freeze fromEntries fromCharCode has hasOwn hasOwnProperty includes indexOf isArray isInteger join keys lastIndexOf length log warn error map match matchAll max min
  add clear get set message name next now padEnd padStart parse pop pow prototype push race all allSettled reduce reject repeat replace replaceAll resolve
  reverse round search shift slice some sort splice split sqrt startsWith endsWith stringify substring test exec then toFixed toISOString
  toLowerCase toString toUpperCase trim trimEnd trimStart trunc unshift valueOf values size stack cause
  describe it expect strictEqual deepEqual deepStrictEqual equal notEqual rejects throws toBe toEqual toThrow ok
  Exception ValueError KeyError IndexError AttributeError NotImplementedError RuntimeError StopIteration Optional Union List Dict Any Callable
  append args cls dataclass enumerate extend format get isinstance items kwargs len open print property range setdefault sorted staticmethod
  classmethod strip sum super tuple update zip staticmethod __init__ __name__ __main__ hasattr getattr setattr repr iter frozenset`.split(/\s+/),
);
