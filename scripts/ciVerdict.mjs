// Reads vitest's JSON results and the workbench suite's: every tier but gpu must have run, nothing may be skipped. Prints the closing line; exits 1 otherwise.
// Plain JavaScript: it runs even where a dependency is broken.
import { readFileSync } from 'node:fs';
import { sep } from 'node:path';

const tiers = ['unit', 'host', 'model', 'gpu'];
/** Needs a Vulkan. */
const mayBeAbsent = 'gpu';
const [vitestFile, workbenchFile] = process.argv.slice(2);
const { testResults } = JSON.parse(readFileSync(vitestFile, 'utf8'));
// Empty: the suite ended before it could write what it had found.
const workbench = JSON.parse(readFileSync(workbenchFile, 'utf8') || '[]');
const counts = { passed: 0, failed: 0, skipped: 0 };
const ran = new Map([...tiers, 'workbench'].map((tier) => [tier, 0]));
const count = (tier, status) => {
  const kind = status === 'passed' || status === 'failed' ? status : 'skipped';
  counts[kind]++;
  if (tier !== undefined && kind === 'passed') ran.set(tier, ran.get(tier) + 1);
};
for (const file of testResults) {
  const tier = tiers.find((name) => file.name.includes(`${sep}test${sep}${name}${sep}`));
  // A file that could not be loaded has no assertions, and has failed.
  if (file.status === 'failed' && file.assertionResults.length === 0) counts.failed++;
  for (const { status } of file.assertionResults) count(tier, status);
}
for (const { status } of workbench) count('workbench', status);
for (const [tier, passed] of ran) console.log(passed === 0 && tier === mayBeAbsent ? `${tier}: left out` : `${tier}: ${passed} passed`);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
const missing = [...ran].filter(([tier, passed]) => passed === 0 && tier !== mayBeAbsent).map(([tier]) => tier);
if (missing.length > 0) console.error(`tiers that did not run: ${missing.join(', ')}`);
if (missing.length > 0 || counts.failed > 0 || counts.skipped > 0) process.exitCode = 1;
