// From what the user wrote to a model folder: nothing (the bundled starter), a path, or the name of a pulled model.
import { isAbsolute, join, resolve } from 'node:path';
import type { Files } from '../base/files.ts';
import { catalogue } from './catalogue.ts';
import { ModelFolderError } from './errors.ts';
import { type ModelFolder, readModelFolder } from './modelFolder.ts';

export interface ModelPlaces {
  readonly bundledFolder: string;
  /** Pulled models lie in its folder `models`. */
  readonly cacheFolder: string;
  readonly workingFolder: string;
}

export const starterName = 'starter';

/** @throws ModelFolderError; 'modelNotFound' says how to get the model. */
export async function findModel(files: Files, choice: string | undefined, places: ModelPlaces): Promise<ModelFolder> {
  if (choice === undefined || choice === '' || choice === starterName) return readModelFolder(files, places.bundledFolder);
  if (isAbsolute(choice) || choice.startsWith('.')) return readModelFolder(files, resolve(places.workingFolder, choice));
  const pulled = pulledFolder(places.cacheFolder, choice);
  if (await files.stat(pulled)) return readModelFolder(files, pulled);
  const besides = resolve(places.workingFolder, choice);
  if (await files.stat(join(besides, 'config.json'))) return readModelFolder(files, besides);
  const known = catalogue.some(({ repository }) => repository === choice);
  throw new ModelFolderError({
    code: 'modelNotFound',
    message: known
      ? `The model ${choice} is not on this machine. Fetch it with: graft model pull ${choice}`
      : `There is no model "${choice}": give the path of a folder with a Hugging Face checkpoint, or a name from: graft model list`,
    details: { choice },
  });
}

export interface ListedModel {
  readonly name: string;
  readonly where: 'bundled' | 'pulled' | 'hub';
  readonly licence: string | null;
  readonly approximateParameters: number | null;
  /** Null for a model that is only on the hub. */
  readonly folder: string | null;
  /** Why the folder cannot be used; null: nothing is known to be wrong. */
  readonly problem: string | null;
}

/** The bundled model, what was pulled, and what could be. */
export async function listModels(files: Files, places: ModelPlaces): Promise<ListedModel[]> {
  const listed = [await listedFolder(files, { name: starterName, where: 'bundled', folder: places.bundledFolder })];
  const root = join(places.cacheFolder, 'models');
  const names = (await files.stat(root)) ? await files.list(root) : [];
  for (const name of names.filter((one) => !one.endsWith(partialSuffix))) {
    listed.push(await listedFolder(files, { name: name.replace('--', '/'), where: 'pulled', folder: join(root, name) }));
  }
  const have = new Set(listed.map(({ name }) => name));
  for (const { repository, licence, parameters } of catalogue) {
    if (!have.has(repository)) {
      listed.push({ name: repository, where: 'hub', licence, approximateParameters: parameters, folder: null, problem: null });
    }
  }
  return listed;
}

export const partialSuffix = '.partial';

/** Where a pulled model lies. A repository's one slash becomes two hyphens, as in the hub's own cache. */
export function pulledFolder(cacheFolder: string, repository: string): string {
  return join(cacheFolder, 'models', repository.replaceAll(/[/\\]/g, '--'));
}

async function listedFolder(
  files: Files,
  { name, where, folder }: { readonly name: string; readonly where: 'bundled' | 'pulled'; readonly folder: string },
): Promise<ListedModel> {
  try {
    const { licence, approximateParameters } = await readModelFolder(files, folder);
    return { name, where, licence, approximateParameters, folder, problem: null };
  } catch (error) {
    if (!(error instanceof ModelFolderError)) throw error;
    return { name, where, licence: null, approximateParameters: null, folder, problem: error.message };
  }
}
