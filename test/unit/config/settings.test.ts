// Settings: read from whatever an editor sends, and the same in package.json.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readHours } from '../../../server/config/hours.ts';
import { manifestSection, restrictedSettings } from '../../../server/config/manifestSection.ts';
import { readSettings } from '../../../server/config/readSettings.ts';
import { learnerOpen } from '../../../server/lsp/learner/learnerOpen.ts';

describe('settings', () => {
  it('are the defaults where nothing is set', () => {
    for (const nothing of [undefined, null, {}, 'text']) expect(readSettings(nothing)).toEqual(readSettings({}));
    expect(readSettings({}).settings).toMatchObject({ enabled: true, model: '', learning: { schedule: 'onCommit', hours: '22-6' }, completion: { debounceMs: null } });
  });

  it('keep what fits and name what does not', () => {
    const { settings, problems } = readSettings({ enabled: false, learning: { schedule: 'sometimes', hours: '25-3' }, languages: ['python'], unknown: 1, completion: { debounceMs: null } });
    expect(settings).toMatchObject({ enabled: false, learning: { schedule: 'onCommit', hours: '22-6' }, languages: ['python'] });
    expect(problems.map((problem) => /graft\.[\w.]+/.exec(problem)?.[0])).toEqual(['graft.learning.schedule', 'graft.learning.hours']);
  });

  it('run on the CPU unless a GPU is asked for, and give learning all of it unless told less', () => {
    const device = { device: 'webgpu', budget: { gpuShare: 0.3 } };
    const cases = [
      { given: {}, device: 'cpu', gpuShare: 1 },
      { given: device, device: 'webgpu', gpuShare: 0.3 },
      { given: { device: 'cuda', budget: { gpuShare: 0.01 } }, device: 'cpu', gpuShare: 1 },
    ];
    for (const { given, ...expected } of cases) {
      const { settings } = readSettings(given);
      expect({ device: settings.device, gpuShare: settings.budget.gpuShare }).toEqual(expected);
    }
    const at = { folder: '/r', installationRoot: '/graft', cacheFolder: '/cache', approvedEmails: [] };
    expect(learnerOpen(readSettings(device).settings, at)).toMatchObject({ device: 'webgpu', gpuShare: 0.3 });
    expect(learnerOpen(readSettings({ budget: device.budget }).settings, at)).not.toHaveProperty('gpuShare');
  });

  it('read hours of the day', () => {
    expect([readHours('22-6'), readHours(' 9 - 17 '), readHours('0-24'), readHours('nonsense')]).toEqual([
      { from: 22, to: 6 },
      { from: 9, to: 17 },
      { from: 0, to: 24 },
      { from: 0, to: 24 },
    ]);
  });

  it('stand in package.json as the schema says: run `npx tsx scripts/settingsSection.ts`', () => {
    const { contributes, capabilities } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
      contributes: { configuration: unknown };
      capabilities: { untrustedWorkspaces: { restrictedConfigurations: unknown } };
    };
    expect(contributes.configuration).toEqual(manifestSection());
    expect(capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(restrictedSettings());
  });

  it('let no folder name the model or the test command before it is trusted, nor ever approve authors', () => {
    expect(restrictedSettings()).toEqual(expect.arrayContaining(['graft.model', 'graft.tests.command']));
    expect(manifestSection().properties['graft.approvedAuthors']).toMatchObject({ scope: 'application' });
  });

  it('each say what they do', () => {
    for (const [name, property] of Object.entries(manifestSection().properties)) {
      expect(property['markdownDescription'], name).toEqual(expect.stringMatching(/.{20}/));
      expect(property['default'], name).not.toBe(undefined);
      if (Array.isArray(property['enumDescriptions'])) expect(property['enumDescriptions'], name).toHaveLength((property['enum'] as unknown[]).length);
    }
  });
});
