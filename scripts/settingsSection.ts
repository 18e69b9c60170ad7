// Writes `contributes.configuration` of package.json from server/config. A unit test fails while the two differ.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { manifestSection } from '../server/config/manifestSection.ts';

const path = fileURLToPath(new URL('../package.json', import.meta.url));
const manifest = JSON.parse(await readFile(path, 'utf8')) as { contributes: Record<string, unknown> };
manifest.contributes['configuration'] = manifestSection();
await writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`);
