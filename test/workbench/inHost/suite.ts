/// <reference types="mocha" />
// What can only be asked inside the extension host: that the extension activates there, and that what its manifest promises exists.
import assert from 'node:assert/strict';
import { commands, extensions, workspace } from 'vscode';

const identifier = 'graft.graft';

describe('the installed extension', () => {
  it('activates by itself after start-up', async () => {
    const extension = extensions.getExtension(identifier);
    assert.ok(extension, `${identifier} is not installed`);
    for (let waits = 0; !extension.isActive && waits < 1200; waits++) await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(extension.isActive);
  });

  it('has every command of its manifest', async () => {
    const manifest = extensions.getExtension(identifier)?.packageJSON as { contributes: { commands: { command: string }[] } };
    const known = new Set(await commands.getCommands(true));
    const missing = manifest.contributes.commands.map(({ command }) => command).filter((command) => !known.has(command));
    assert.deepEqual(missing, []);
  });

  it('has every setting of its manifest, at its default', () => {
    const manifest = extensions.getExtension(identifier)?.packageJSON as { contributes: { configuration: Section | Section[] } };
    const properties = [manifest.contributes.configuration].flat().flatMap((section) => Object.entries(section.properties));
    assert.ok(properties.length > 10);
    for (const [key, { default: value }] of properties) assert.deepEqual(workspace.getConfiguration().inspect(key)?.defaultValue, value, key);
  });
});

interface Section {
  readonly properties: Record<string, { default: unknown }>;
}
