// Makes server/learning/placeboPairs.json: structural pairs of another project (zod, MIT), on which placebos are trained. Run by hand when the
// pairs' shape changes: npx tsx scripts/makePlaceboPairs.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodeFiles } from '../server/host/nodeFiles.ts';
import { defaultRecipe } from '../server/selfEdit/recipe.ts';
import { structuralSelfEdit } from '../server/selfEdit/structuralSelfEdit.ts';
import { servingShape } from '../server/syntax/promptContext.ts';
import { loadSyntax } from '../server/syntax/loadSyntax.ts';
import { sourceTreeSyntaxPaths } from '../test/support/loadedSyntax.ts';

const package_ = fileURLToPath(new URL('../node_modules/zod', import.meta.url));
const names = [
  'util', 'parse', 'errors', 'registries', 'doc', 'core', 'visit', 'zsf', 'memoizer', 'to-json-schema', 'json-schema-generator', 'json-schema-processors', 'regexes', 'checks',
];
const paths = names.map((name) => `src/v4/core/${name}.ts`);
const files = new Map(paths.map((path) => [path, readFileSync(`${package_}/${path}`, 'utf8')]));
const version = String((JSON.parse(readFileSync(`${package_}/package.json`, 'utf8')) as { version: unknown }).version);

const syntax = await loadSyntax(nodeFiles, sourceTreeSyntaxPaths);
const versions = [...files].map(([path, after]) => ({ path, oldPath: path, before: null, after }));
const selfEdit = structuralSelfEdit(
  { repository: 'zod', commit: version, changes: syntax.changes(versions), versions, files, keptOut: { probes: [], spans: [] } },
  // Three characters and a half are about a token of code. As much as a replay of some twenty commits teaches, so that its control need not
  // repeat itself: a control that knows its few pairs by heart falls below the base and flatters what it is compared with.
  { tools: { syntax, countTokens: (text) => Math.ceil(text.length / 3.5), shape: servingShape }, budgetTokens: 80_000, recipe: defaultRecipe, seed: 1 },
);
const source = `zod ${version}, MIT License, Copyright (c) Colin McDonnell; made by scripts/makePlaceboPairs.ts`;
writeFileSync(fileURLToPath(new URL('../server/learning/placeboPairs.json', import.meta.url)), `${JSON.stringify({ source, pairs: selfEdit.pairs }, null, 1)}\n`);
console.log(`${selfEdit.pairs.length} pairs`);
syntax.dispose();
