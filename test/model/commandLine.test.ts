// The command line as a user runs it: the built program, a real repository, a tiny random model; exit codes, messages and JSON.
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TemporaryRepository } from '../support/temporaryRepository.ts';
import { writeTinyModel } from '../support/tinyModel.ts';

const cli = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url));
const project = new TemporaryRepository();
const model = join(project.root, 'tiny');

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function graft(args: readonly string[], options: { readonly cwd?: string } = {}): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [cli, ...args],
      { cwd: options.cwd ?? project.path, env: { PATH: process.env['PATH'] ?? '', HOME: project.root, GRAFT_CACHE: join(project.root, 'cache') } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}

const withModel = (...args: string[]) => graft([...args, '--model', model]);

beforeAll(() => {
  writeTinyModel(model);
  project.git('config', 'user.email', 'ada@example.com');
});
afterAll(() => project.dispose());

describe('wrong usage', () => {
  test.each([
    ['an unknown command', ['teach']],
    ['an unknown option', ['learn', '--fast']],
    ['a number that is none', ['learn', '--seed', 'x']],
    ['a device that does not exist', ['learn', '--device', 'tpu']],
    ['a missing argument', ['show']],
  ])('%s exits with 2 and shows the help', async (_, args) => {
    const { code, stdout, stderr } = await graft(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/error:[\s\S]*Usage: graft/);
  });

  test('help and version exit with 0', async () => {
    expect(await graft(['--help'])).toMatchObject({ code: 0 });
    expect((await graft(['--version'])).stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe('what cannot be done says what to do', () => {
  test('outside a repository', async () => {
    const folder = join(project.root, 'elsewhere');
    mkdirSync(folder, { recursive: true });
    const { code, stderr } = await graft(['log'], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toContain('git init');
  });

  test('in a repository without commits nothing is learnt', async () => {
    const { code, stderr, stdout } = await withModel('learn');
    expect({ code, stdout, stderr }).toMatchObject({ code: 3, stdout: expect.stringContaining('no commits yet') });
  });

  test('a model that is not there names the command that fetches it', async () => {
    const { code, stderr } = await graft(['model', 'info', 'Qwen/Qwen2.5-Coder-0.5B']);
    expect(code).toBe(1);
    expect(stderr).toContain('graft model pull Qwen/Qwen2.5-Coder-0.5B');
  });

  test('with --json an error is a document too', async () => {
    const { code, stdout } = await graft(['show', 'ffffffff', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'unknownVersion' } });
  });
});

describe('a repository with commits', () => {
  beforeAll(() => {
    project.commit('Start', { 'src/a.ts': 'export function addTwo(left: number, right: number): number {\n  return left + right;\n}\n' });
    project.commit('By a stranger', { 'src/b.ts': 'export const answerOfAll = 42;\n' }, 'Eve <eve@example.com>');
  });

  test("a stranger's commits teach nothing until they are approved", async () => {
    const { stdout, stderr } = await withModel('learn', '--no-tests', '--candidates', '1');
    expect(stderr).toContain('authorNotApproved');
    expect(stdout).toContain('--approve');
  });

  test('learning ends with a verdict for every commit, and the log tells it', async () => {
    project.commit('More', { 'src/c.ts': 'import { addTwo } from "./a.ts";\nexport function addThree(a: number, b: number, c: number): number {\n  return addTwo(addTwo(a, b), c);\n}\n' });
    const learnt = await withModel('learn', '--approve', 'all', '--no-tests', '--candidates', '1', '--json');
    const document = JSON.parse(learnt.stdout);
    expect(document).toMatchObject({ kind: 'learnt', branch: 'main' });
    for (const outcome of document.outcomes) expect(['promoted', 'rejected', 'skipped']).toContain(outcome.kind);
    const log = JSON.parse((await withModel('log', '--json')).stdout);
    expect(log.branches).toMatchObject([{ branch: 'main' }]);
    expect(log.placebo).toEqual({ tried: expect.any(Number), promoted: expect.any(Number) });
  });

  test('a detached head learns nothing', async () => {
    project.git('checkout', '--quiet', '--detach');
    expect(await withModel('learn')).toMatchObject({ code: 3, stdout: expect.stringContaining('detached') });
    project.git('checkout', '--quiet', 'main');
  });

  test('a cursor outside the file is refused', async () => {
    const { code, stderr } = await withModel('complete', 'src/a.ts:99:1');
    expect(code).toBe(1);
    expect(stderr).toContain('has 4 lines');
  });

  test('completing names the version that wrote it', async () => {
    const { code, stdout } = await withModel('complete', 'src/a.ts:2:3', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ version: null });
  });

  test('forgetting says beforehand what would go, and then forgets', async () => {
    const forgets = (...more: string[]) => withModel('forget', '--author', 'Eve', ...more);
    const id = project.git('rev-parse', 'HEAD^').trim();
    expect(await forgets('--dry-run')).toMatchObject({ code: 0, stdout: expect.stringContaining(`Would forget ${id.slice(0, 8)}: 0 versions dropped. Nothing was changed.`) });
    expect(JSON.parse((await forgets('--dry-run', '--json')).stdout)).toMatchObject({ commits: [id], versions: [], rederive: [] });
    expect(await forgets()).toMatchObject({ code: 0, stdout: expect.stringContaining(`Forgot ${id.slice(0, 8)}`) });
    expect(await withModel('forget', '--dry-run')).toMatchObject({ code: 2 });
  });

  test('resetting to the base says that nothing was deleted', async () => {
    const { code, stdout } = await withModel('reset', '--to', 'base');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing was deleted') });
  });
});
