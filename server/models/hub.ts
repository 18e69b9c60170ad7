// What the Hugging Face hub says of a model: its files with sizes and hashes, and its licence. Nothing here runs unless
// the user asked for a download. https://huggingface.co/docs/hub/api
import { z } from 'zod';
import { ModelFolderError } from './errors.ts';

/** The part of `fetch` that is used. */
export type Fetch = (
  url: string,
  options: { readonly headers: Readonly<Record<string, string>>; readonly signal?: AbortSignal },
) => Promise<FetchResponse>;

export interface FetchResponse {
  readonly status: number;
  readonly body: AsyncIterable<Uint8Array> | null;
  text(): Promise<string>;
}

export interface Hub {
  readonly fetch: Fetch;
  /** 'https://huggingface.co' or a mirror. */
  readonly endpoint: string;
  readonly token?: string;
}

export interface HubFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** SHA-256 for large files; git's SHA-1 of the blob for the others. */
  readonly hash: { readonly kind: 'sha256' | 'gitBlob'; readonly value: string };
}

export interface HubModel {
  readonly repository: string;
  /** The commit that all files are fetched from. */
  readonly revision: string;
  readonly licence: string | null;
  readonly files: readonly HubFile[];
  readonly totalBytes: number;
}

const repositoryPattern = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;

/** Rejects with ModelFolderError 'hubUnreachable', 'hubRefused' or 'hubModelUnsuitable'. */
export async function describeHubModel(hub: Hub, repository: string, options: { readonly revision?: string; readonly signal?: AbortSignal } = {}): Promise<HubModel> {
  if (!repositoryPattern.test(repository)) {
    throw new ModelFolderError({
      code: 'hubModelUnsuitable',
      message: `"${repository}" is not the name of a model on the hub; names look like Qwen/Qwen2.5-Coder-0.5B.`,
      details: { repository },
    });
  }
  const url = `${hub.endpoint}/api/models/${repository}/revision/${encodeURIComponent(options.revision ?? 'main')}?blobs=true`;
  const response = await request(hub, url, options.signal === undefined ? {} : { signal: options.signal });
  const parsed = modelSchema.safeParse(parseJson(await response.text()));
  if (!parsed.success) {
    throw new ModelFolderError({ code: 'hubRefused', message: `${hub.endpoint} answered in a form that Graft does not know.`, details: { url }, cause: parsed.error });
  }
  const { sha, siblings, cardData } = parsed.data;
  const files = siblings.filter(({ rfilename }) => wanted(rfilename)).map(hubFile);
  const names = new Set(files.map(({ name }) => name));
  const weights = names.has('model.safetensors') || names.has('model.safetensors.index.json');
  const missing = ['config.json', 'tokenizer.json'].filter((name) => !names.has(name));
  if (!weights) missing.push('model.safetensors');
  if (missing.length > 0) {
    throw new ModelFolderError({
      code: 'hubModelUnsuitable',
      message: `${repository} lacks ${missing.join(', ')}: Graft cannot run it. Choose one of: graft model list`,
      details: { repository, missing },
    });
  }
  const licence = cardData?.license === 'other' ? (cardData.license_name ?? 'other') : (cardData?.license ?? null);
  return { repository, revision: sha, licence, files, totalBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
}

/** One request, with the user's token; rejects unless the status is one of `accept`. */
export async function request(
  hub: Hub,
  url: string,
  options: { readonly headers?: Readonly<Record<string, string>>; readonly accept?: readonly number[]; readonly signal?: AbortSignal } = {},
): Promise<FetchResponse> {
  const { headers = {}, accept = [200], signal } = options;
  const authorization = hub.token === undefined ? {} : { authorization: `Bearer ${hub.token}` };
  let response: FetchResponse;
  try {
    response = await hub.fetch(url, { headers: { ...authorization, ...headers }, ...(signal === undefined ? {} : { signal }) });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ModelFolderError({
      code: 'hubUnreachable',
      message: `${hub.endpoint} cannot be reached. Check the connection, or put the model's files into a folder and give its path.`,
      details: { url },
      cause,
    });
  }
  if (accept.includes(response.status)) return response;
  const why = response.status === 401 || response.status === 403 ? 'The model needs an account: set HF_TOKEN.' : response.status === 404 ? 'There is no such model or file.' : 'Try again later.';
  throw new ModelFolderError({ code: 'hubRefused', message: `${url} answered with status ${response.status}. ${why}`, details: { url, status: response.status } });
}

const modelSchema = z.looseObject({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  siblings: z.array(
    z.looseObject({
      rfilename: z.string(),
      size: z.int().nonnegative(),
      blobId: z.string(),
      lfs: z.looseObject({ sha256: z.string(), size: z.int().nonnegative() }).nullish(),
    }),
  ),
  cardData: z.looseObject({ license: z.string().optional(), license_name: z.string().optional() }).nullish(),
});

/** No folders: a name from the network never leads out of the model's own folder. */
function wanted(name: string): boolean {
  return /^(config\.json|tokenizer\.json|tokenizer_config\.json|generation_config\.json|README\.md|LICENSE[\w.-]*|model\.safetensors\.index\.json|model(-\d{5}-of-\d{5})?\.safetensors)$/.test(name);
}

function hubFile({ rfilename, size, blobId, lfs }: z.output<typeof modelSchema>['siblings'][number]): HubFile {
  return lfs
    ? { name: rfilename, sizeBytes: lfs.size, hash: { kind: 'sha256', value: lfs.sha256 } }
    : { name: rfilename, sizeBytes: size, hash: { kind: 'gitBlob', value: blobId } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
