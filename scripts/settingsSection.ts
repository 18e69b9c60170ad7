// Writes what package.json says of settings (`contributes.configuration`, and which an untrusted folder may not set) from server/config. A unit test fails while the two differ.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { manifestSection, restrictedSettings } from '../server/config/manifestSection.ts';

const path = fileURLToPath(new URL('../package.json', import.meta.url));
const manifest = JSON.parse(await readFile(path, 'utf8')) as { contributes: Record<string, unknown>; capabilities: { untrustedWorkspaces: Record<string, unknown> } };
manifest.contributes['configuration'] = manifestSection();
manifest.capabilities.untrustedWorkspaces['restrictedConfigurations'] = restrictedSettings();
await writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`);
