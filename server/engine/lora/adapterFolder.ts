// Adapters in and out of PEFT folders: what the engine does for loadAdapter and saveAdapter.
import { AdapterFormatError } from '../../adapterFormat/errors.ts';
import { configFile, formatPeftAdapter, parsePeftAdapter, weightsFile } from '../../adapterFormat/peftAdapter.ts';
import type { Files } from '../../base/files.ts';
import type { LinearModule } from './adapterLayout.ts';
import type { FlatAdapter } from './flatAdapter.ts';
import { fromPeft, toPeft } from './peftConversion.ts';

export interface AdapterBase {
  readonly linears: readonly LinearModule[];
  /** ModelInfo.hash. */
  readonly hash: string;
  readonly name: string;
}

export async function readAdapterFolder(files: Files, folder: string, base: AdapterBase): Promise<FlatAdapter> {
  const [configText, weights] = await Promise.all([
    present(folder, configFile, files.readText(`${folder}/${configFile}`)),
    present(folder, weightsFile, files.read(`${folder}/${weightsFile}`)),
  ]);
  return fromPeft(base.linears, parsePeftAdapter(configText, weights), { baseHash: base.hash });
}

/** Writes both files, synced; not atomic: the store makes version folders beside and renames them. */
export async function writeAdapterFolder(
  files: Files,
  folder: string,
  adapter: FlatAdapter,
  { base, metadata = {} }: { base: AdapterBase; metadata?: Readonly<Record<string, string>> },
): Promise<void> {
  const { configText, weights } = formatPeftAdapter(toPeft(base.linears, adapter, { baseName: base.name, baseHash: base.hash, metadata }));
  await files.makeFolder(folder);
  await files.write(`${folder}/${weightsFile}`, weights);
  await files.write(`${folder}/${configFile}`, configText);
}

async function present<T>(folder: string, file: string, content: Promise<T>): Promise<T> {
  try {
    return await content;
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
    if (!missing) throw cause;
    throw new AdapterFormatError('adapter.missing', `There is no ${file} in ${folder}.`, { folder, file }, cause);
  }
}
