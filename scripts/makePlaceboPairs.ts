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
const paths = ['src/v4/core/util.ts', 'src/v4/core/parse.ts', 'src/v4/core/errors.ts', 'src/v4/core/registries.ts', 'src/v4/core/doc.ts'];
const files = new Map(paths.map((path) => [path, readFileSync(`${package_}/${path}`, 'utf8')]));
const version = String((JSON.parse(readFileSync(`${package_}/package.json`, 'utf8')) as { version: unknown }).version);

const syntax = await loadSyntax(nodeFiles, sourceTreeSyntaxPaths);
const versions = [...files].map(([path, after]) => ({ path, oldPath: path, before: null, after }));
const selfEdit = structuralSelfEdit(
  { repository: 'zod', commit: version, changes: syntax.changes(versions), versions, files, keptOut: { probes: [], spans: [] } },
  // Three characters and a half are about a token of code; the budget here only bounds the file.
  { tools: { syntax, countTokens: (text) => Math.ceil(text.length / 3.5), shape: servingShape }, budgetTokens: 14_000, recipe: defaultRecipe, seed: 1 },
);
const source = `zod ${version}, MIT License, Copyright (c) Colin McDonnell; made by scripts/makePlaceboPairs.ts`;
writeFileSync(fileURLToPath(new URL('../server/learning/placeboPairs.json', import.meta.url)), `${JSON.stringify({ source, pairs: selfEdit.pairs }, null, 1)}\n`);
console.log(`${selfEdit.pairs.length} pairs`);
syntax.dispose();
