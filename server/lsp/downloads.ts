/** The requests about models that were downloaded. */
import * as l10n from '@vscode/l10n';
import type { Lens } from '../analysis/lens';
import { InvalidParams } from '../analysis/errors';
import { DownloadError } from '../models/hub/downloadError';
import { hubId, isStoredAs, type ModelHub, type StoredModel } from '../models/hub/hub';
import { ModelError } from '../models/modelError';
import { parseModelSource, type ModelSource } from '../models/source';
import type { DeleteDownloadParams, Download, DownloadsResult } from '../protocol';
import type { Runner } from './runner';
import { deleteDownloadParams, nothing } from './schemas';

/** Without a hub there are none. */
export function answerDownloads(runner: Runner, lens: Lens, hub: ModelHub | undefined): void {
  const inUse = (): ModelSource | null => {
    const { model } = lens.status();
    return model ? parseModelSource(model.id) : null;
  };
  runner.onRequest('attentionLens/downloads', nothing, () => downloads(hub, inUse()));
  runner.onRequest('attentionLens/deleteDownload', deleteDownloadParams, async (params) => {
    await remove(hub, params, inUse());
    return downloads(hub, inUse());
  });
}

async function downloads(
  hub: ModelHub | undefined,
  inUse: ModelSource | null,
): Promise<DownloadsResult> {
  const stored = (await hub?.list()) ?? [];
  return {
    downloads: stored.map((each): Download => {
      const { owner, name, ...rest } = each;
      return {
        model: hubId({ owner, name, revision: null }),
        ...rest,
        inUse: isInUse(each, inUse),
      };
    }),
    folder: hub?.place ?? null,
  };
}

async function remove(
  hub: ModelHub | undefined,
  { model, commit }: DeleteDownloadParams,
  inUse: ModelSource | null,
): Promise<void> {
  const source = repositoryOf(model);
  const stored = (await hub?.list())?.find(
    (each) => each.commit === commit && hubId({ ...each, revision: null }) === model,
  );
  if (stored && isInUse(stored, inUse))
    throw new DownloadError(
      'modelInUse',
      l10n.t('{0} is in use: choose another model first.', model.replace(/^hf:/, '')),
    );
  await hub?.remove({ ...source, commit });
}

function isInUse(stored: StoredModel, inUse: ModelSource | null): boolean {
  return inUse?.kind === 'hub' && isStoredAs(stored, inUse);
}

function repositoryOf(model: string): Extract<ModelSource, { kind: 'hub' }> {
  const source = readSource(model);
  if (source?.kind === 'hub' && source.revision === null) return source;
  throw new InvalidParams('model', l10n.t('"model" must be "hf:" and owner/name.'));
}

function readSource(model: string): ModelSource | null {
  try {
    return parseModelSource(model);
  } catch (error) {
    if (error instanceof ModelError) return null;
    throw error;
  }
}
