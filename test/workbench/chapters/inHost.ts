// What the suite inside the extension host found.
import { existsSync, readFileSync } from 'node:fs';
import type { InHostResult } from '../inHost/result.ts';
import { claim, until, type Step } from '../stage.ts';

export function inHostStep(resultFile: string): Step {
  return {
    title: 'the VSIX is installed and activates; its commands and settings exist (suite inside the extension host)',
    run: async () => {
      await until('the suite inside the extension host is done', async () => existsSync(resultFile));
      const results = JSON.parse(readFileSync(resultFile, 'utf8')) as InHostResult[];
      for (const { title, status } of results) console.log(`    ${status === 'passed' ? '✓' : '✗'} ${title}`);
      const failed = results.filter(({ status }) => status !== 'passed');
      claim(results.length >= 3 && failed.length === 0, failed.map(({ title, error }) => `${title}: ${error}`).join('\n') || 'too few tests ran');
    },
  };
}
