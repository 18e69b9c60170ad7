// `npm run bench -- NAME [--json FILE]`: runs one benchmark, prints its figures as a table and writes
// `{bench, machine, commit, figures, details}`. A benchmark is a function in a file of its own, loaded only when asked for.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import Table from 'cli-table3';
import { Command } from 'commander';

export interface BenchResult {
  /** The keys that an issue names are part of its contract. */
  readonly figures: Readonly<Record<string, number>>;
  readonly details: unknown;
}

interface BenchOptions {
  readonly json?: string;
  readonly repo?: string;
  readonly commits: number;
}

const benchmarks: Readonly<Record<string, (options: BenchOptions) => Promise<BenchResult>>> = {
  train: async () => (await import('./train.ts')).train(),
  cycle: async () => (await import('./cycle.ts')).cycle(),
  selfEdit: async () => (await import('./selfEdit.ts')).selfEdit(),
  keystroke: async () => (await import('./keystroke.ts')).keystroke(),
  calibrate: async () => (await import('./calibrate.ts')).calibrate(),
  spans: async (options) => (await import('./spans.ts')).spans(options),
  recipe: async (options) => (await import('./recipe.ts')).recipe(options),
  chain: async (options) => (await import('./chain.ts')).chain(options),
  gates: async (options) => (await import('./gates.ts')).gates(options),
};

async function main(): Promise<void> {
  const names = Object.keys(benchmarks).join(', ');
  const command = new Command('bench')
    .argument('<name>', `one of ${names}`)
    .option('--json <file>', 'write the result there')
    .option('--repo <path>', 'recipe, chain, gates, spans: learn this repository instead of the demo project')
    .option('--commits <n>', 'recipe, chain, gates, spans: the newest so many commits', Number, 20)
    .parse();
  const [name = ''] = command.args;
  const run = benchmarks[name];
  if (run === undefined) return command.error(`There is no benchmark "${name}", only ${names}.`, { exitCode: 2 });
  const options = command.opts<BenchOptions>();
  const { figures, details } = await run(options);
  const table = new Table({ head: ['figure', 'value'], style: { head: [], border: [] } });
  for (const [key, value] of Object.entries(figures)) table.push([key, Number(value.toPrecision(4))]);
  process.stdout.write(`${name}\n${table.toString()}\n`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ bench: name, machine: machine(), commit: commit(), figures, details }, null, 2)}\n`);
}

function machine(): Readonly<Record<string, string | number>> {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1e9),
    platform: `${platform()} ${arch()}`,
    node: process.version,
  };
}

/** With a star if the tree differs from the commit. */
function commit(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  try {
    return git('rev-parse', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '*');
  } catch {
    return 'unknown';
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
