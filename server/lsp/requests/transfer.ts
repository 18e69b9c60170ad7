// graft/export and graft/import: versions travel as the folders they are.
import { resolveVersion } from '../../learning/review.ts';
import { exportVersion as exportTo, importVersion as importFrom } from '../../store/transfer.ts';
import type { RepositoryHost } from '../repositories/repositoryHost.ts';

export async function exportVersion(host: RepositoryHost, { version, to }: { readonly version: string; readonly to: string }): Promise<{ message: string }> {
  const { store } = host.opened;
  const manifest = await exportTo(store, { version: await resolveVersion(store, version), folder: to });
  return { message: `Version ${manifest.id} is in ${to}: a PEFT adapter for ${manifest.model.name}.` };
}

export async function importVersion(host: RepositoryHost, { from, modelHash }: { readonly from: string; readonly modelHash: string }): Promise<{ version: string; message: string }> {
  const manifest = await importFrom(host.opened.store, { folder: from, modelHash });
  return { version: manifest.id, message: `Version ${manifest.id} is here. It serves nobody until you switch to it.` };
}
