// Runs the house rules over every tracked and new TypeScript source; exits 1 with one line per violation.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { checkSource } from './rules.ts';

const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.ts'], { encoding: 'utf8' });
const paths = listed.split('\0').filter((path) => path !== '' && !path.includes('fixtures/'));
const violations = paths.flatMap((path) => checkSource({ path, text: readFileSync(path, 'utf8') }));
for (const { path, rule, message } of violations) console.error(`${path}: ${rule}: ${message}`);
console.log(`house rules: ${paths.length} files, ${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
