// Adapters in and out of folders: the same adapter comes back, and a folder that is not whole says so by code.
import { beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../../server/base/random.ts';
import { readAdapterFolder, writeAdapterFolder } from '../../../server/engine/lora/adapterFolder.ts';
import { adapterLayout } from '../../../server/engine/lora/adapterLayout.ts';
import { freshAdapter } from '../../../server/engine/lora/flatAdapter.ts';
import { adaptedLinears } from '../../../server/engine/model/modelTensors.ts';
import { MemoryFiles } from '../../support/memoryFiles.ts';
import { tinyConfig } from '../../support/tinyWeights.ts';

const base = { linears: adaptedLinears(tinyConfig()), hash: 'abc', name: 'tiny' };
const adapter = freshAdapter(adapterLayout(base.linears, 2), { alpha: 4, random: new Random(3) });

describe('an adapter folder', () => {
  let files: MemoryFiles;
  beforeEach(async () => {
    files = new MemoryFiles();
    await writeAdapterFolder(files, '/version', adapter, { base, metadata: { commit: '1234' } });
  });

  it('holds exactly what peft needs, and gives the adapter back', async () => {
    expect(await files.list('/version')).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
    expect(await readAdapterFolder(files, '/version', base)).toEqual(adapter);
  });

  const damages: readonly (readonly [string, (files: MemoryFiles) => Promise<void>, string])[] = [
    ['without weights', (damaged) => damaged.remove('/version/adapter_model.safetensors'), 'adapter.missing'],
    ['without a config', (damaged) => damaged.remove('/version/adapter_config.json'), 'adapter.missing'],
    ['with weights cut short', async (damaged) => damaged.write('/version/adapter_model.safetensors', (await damaged.read('/version/adapter_model.safetensors')).slice(0, -9)), 'adapter.weightsCorrupt'],
    ['with a torn config', (damaged) => damaged.write('/version/adapter_config.json', '{"r": 2'), 'adapter.configInvalid'],
  ];
  it.each(damages)('%s is refused', async (_title, damage, code) => {
    await damage(files);
    await expect(readAdapterFolder(files, '/version', base)).rejects.toMatchObject({ code });
  });

  it('of another model is refused', async () => {
    await expect(readAdapterFolder(files, '/version', { ...base, hash: 'def' })).rejects.toMatchObject({ code: 'adapter.otherBase' });
  });
});
