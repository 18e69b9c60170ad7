// Can this commit's tests be run, and how? Decided from the tree's own package.json and lock file, not from what is checked out now.
import { z } from 'zod';
import { readOwnTestCommand } from './ownTestCommand.ts';
import { readTestCommand } from './testCommand.ts';
import { matchTestFiles, ownPatterns } from './testFiles.ts';

export interface InstalledDependencies {
  /** A `node_modules` folder. */
  readonly folder: string;
  /** Of the working tree, for which it was installed: package.json and lock files are asked for. */
  readonly textOf: (path: string) => string | undefined;
}

export interface TestProject {
  /** Every path of the tree. */
  readonly paths: readonly string[];
  /** Of the tree: package.json and lock files are asked for. */
  readonly textOf: (path: string) => string | undefined;
  readonly installed: InstalledDependencies | null;
  /** The user's own command; null or absent: what package.json says. */
  readonly command?: string | null;
}

export type NotRunnableReason = 'dependencies' | 'noCommand' | 'unsupportedRunner' | 'noSandbox' | 'noTests';

export interface RunnablePlan {
  readonly kind: 'runnable';
  readonly nodeOptions: readonly string[];
  /** Words of the user's own command, which prints TAP; absent: node runs the file. */
  readonly own?: readonly string[];
  readonly testFiles: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The `node_modules` to use; null: none is needed. */
  readonly dependencies: string | null;
}

export interface NotRunnable {
  readonly kind: 'notRunnable';
  readonly reason: NotRunnableReason;
  readonly explanation: string;
}

export type TestPlan = RunnablePlan | NotRunnable;

export const lockFiles = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'package.json'] as const;

export function planTests(project: TestProject): TestPlan {
  const text = project.textOf('package.json');
  if (text === undefined) return notRunnable('noCommand', 'the commit has no package.json');
  const parsed = packageSchema.safeParse(parseJson(text));
  if (!parsed.success) return notRunnable('noCommand', 'package.json cannot be read');
  const command = project.command ? readOwnTestCommand(project.command) : readTestCommand(parsed.data.scripts ?? {});
  if (command.kind === 'noCommand') return notRunnable('noCommand', 'package.json has no test script');
  if (command.kind === 'unsupportedRunner') return notRunnable('unsupportedRunner', command.explanation);
  const testFiles = command.kind === 'own' ? matchTestFiles(project.paths, ownPatterns) : matchTestFiles(project.paths, command.patterns);
  if (testFiles.length === 0) return notRunnable('noTests', 'the test command names no file of the commit');
  const nodeOptions = command.kind === 'own' ? [] : command.nodeOptions;
  const dependencies = findDependencies(project, parsed.data, nodeOptions);
  if (dependencies.kind === 'notRunnable') return dependencies;
  const { environment } = command;
  return { kind: 'runnable', nodeOptions, ...(command.kind === 'own' ? { own: command.words } : {}), testFiles, environment, dependencies: dependencies.folder };
}

/** `tests not runnable: dependencies`, as DESIGN.md words it. */
export function describeNotRunnable({ reason, explanation }: NotRunnable): string {
  return `tests not runnable: ${reason} (${explanation})`;
}

/** By the lock file that counts for the commit; package.json where it has none. */
function sameDependencies(commit: TestProject['textOf'], installed: InstalledDependencies['textOf']): boolean {
  const name = lockFiles.find((path) => commit(path) !== undefined);
  if (name === undefined) return false;
  const [wanted, there] = [commit(name), installed(name)];
  return wanted !== undefined && there !== undefined && dependenciesIn(name, wanted) === dependenciesIn(name, there);
}

const declaring = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'overrides', 'resolutions'];

/** A release changes the project's own version, scripts or description in these files: that installs nothing else. */
function dependenciesIn(name: string, text: string): string {
  const json = jsonObject.safeParse(parseJson(text)).data;
  if (json === undefined) return text;
  if (name === 'package.json') return JSON.stringify(dependencyFields(json));
  const packages = jsonObject.safeParse(json['packages']).data;
  if (packages === undefined) return text;
  const root = jsonObject.safeParse(packages['']).data ?? {};
  return JSON.stringify({ ...packages, '': dependencyFields(root) });
}

function dependencyFields(json: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(declaring.flatMap((key) => (json[key] === undefined ? [] : [[key, json[key]]])));
}

const jsonObject = z.record(z.string(), z.unknown());

const packageSchema = z.object({
  scripts: z.record(z.string(), z.string()).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
});

function findDependencies(
  project: TestProject,
  manifest: z.infer<typeof packageSchema>,
  nodeOptions: readonly string[],
): { readonly kind: 'found'; readonly folder: string | null } | NotRunnable {
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length > 0;
  const loads = nodeOptions.some((word, index) => ['--import', '--require', '-r', '--loader'].includes(nodeOptions[index - 1] ?? '') && !word.startsWith('.'));
  if (!declared && !loads) return { kind: 'found', folder: null };
  const { installed } = project;
  if (installed === null) return notRunnable('dependencies', 'node_modules is not installed');
  if (!sameDependencies(project.textOf, installed.textOf)) {
    return notRunnable('dependencies', 'the installed dependencies are not those of the commit’s lock file');
  }
  return { kind: 'found', folder: installed.folder };
}

function notRunnable(reason: NotRunnableReason, explanation: string): NotRunnable {
  return { kind: 'notRunnable', reason, explanation };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
