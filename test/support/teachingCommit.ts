// A commit that teaches something: modules of small functions that follow one another's habits and call each other, so that held-out ones can be
// guessed from the others. Enough of them for pairs and probes, few enough to be learnt in seconds.

const nouns = ['Ledger', 'Parcel', 'Ticket', 'Voucher', 'Invoice', 'Shipment', 'Refund', 'Quote'] as const;
const verbs = ['open', 'close', 'seal', 'audit', 'renew', 'cancel'] as const;

/** Files by path. */
export function teachingFiles(count: number = nouns.length): Record<string, string> {
  return Object.fromEntries(nouns.slice(0, count).map((noun, index) => [`src/${noun.toLowerCase()}.ts`, moduleOf(noun, index)]));
}

function moduleOf(noun: string, index: number): string {
  const name = noun.toLowerCase();
  const before = index === 0 ? null : (nouns[index - 1] ?? null);
  const functions = verbs.map((verb, at) => {
    const call = before !== null && at % 2 === 0 ? `  ${verb}${before}(registry, ${name}Id);\n` : '';
    return `/** ${verb} the ${name} and enter it in the registry. */\nexport function ${verb}${noun}(registry: StampRegistry, ${name}Id: string): StampReceipt {\n${call}  const receipt = registry.stampEntry('${name}', ${name}Id, '${verb}');\n  registry.countStamp(receipt.stampNumber);\n  return receipt;\n}\n`;
  });
  const imports = [
    "import type { StampReceipt, StampRegistry } from './stampRegistry.ts';",
    ...(before === null ? [] : [`import { ${verbs.filter((_, at) => at % 2 === 0).map((verb) => `${verb}${before}`).join(', ')} } from './${before.toLowerCase()}.ts';`]),
  ];
  return `${imports.join('\n')}\n\n${functions.join('\n')}`;
}
