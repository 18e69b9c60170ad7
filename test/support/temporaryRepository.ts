// A git repository in a folder of its own, made with the real git, for tests. `dispose` removes it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { nodeFiles } from '../../server/host/nodeFiles.ts';
import { nodeProcesses } from '../../server/host/nodeProcesses.ts';
import { openRepository } from '../../server/git/openRepository.ts';
import type { Repository } from '../../server/git/repository.ts';

export class TemporaryRepository {
  /** Holds the repository and what else a test makes. */
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'graft-git-')));
  readonly path: string;
  private minute = 0;

  constructor(options: { readonly name?: string; readonly init?: boolean } = {}) {
    this.path = join(this.root, options.name ?? 'project');
    mkdirSync(this.path);
    mkdirSync(join(this.root, 'temporary'));
    if (options.init ?? true) this.git('init', '--quiet', '--initial-branch=main');
  }

  /** Standard output, trimmed. Throws when git fails. */
  git(...args: readonly string[]): string {
    return this.gitIn(this.path, ...args);
  }

  gitIn(folder: string, ...args: readonly string[]): string {
    return execFileSync('git', args, { cwd: folder, env: this.environment(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  }

  write(path: string, content: string | Uint8Array): void {
    const whole = join(this.path, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, content);
  }

  /** As `git`, with standard input. */
  gitWith(input: string | Uint8Array, ...args: readonly string[]): string {
    return execFileSync('git', args, { cwd: this.path, env: this.environment(), encoding: 'utf8', input }).trim();
  }

  /** Writes the files, commits everything and answers the commit's id. `null` removes a file. */
  commit(subject: string, files: Readonly<Record<string, string | Uint8Array | null>> = {}, author = 'Ada <ada@example.com>'): string {
    for (const [path, content] of Object.entries(files)) {
      if (content === null) rmSync(join(this.path, path));
      else this.write(path, content);
    }
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', `--author=${author}`, '-m', subject);
    return this.git('rev-parse', 'HEAD');
  }

  open(path = this.path, searchPath = process.env['PATH'] ?? ''): Promise<Repository> {
    return openRepository(path, {
      processes: nodeProcesses,
      files: nodeFiles,
      temporaryFolder: join(this.root, 'temporary'),
      searchPath,
    });
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Each call is a minute later than the one before, so that commits have an order and ids are the same in every run. */
  private environment(): NodeJS.ProcessEnv {
    const date = new Date(Date.UTC(2024, 0, 1, 0, this.minute++)).toISOString();
    return {
      PATH: process.env['PATH'],
      HOME: this.root,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.com',
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.com',
      GIT_COMMITTER_DATE: date,
    };
  }
}
