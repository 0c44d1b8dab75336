/** Whose layer, head, reading and position a command changes. */
import type { Model, Selection } from '../../server/protocol';
import type { LanguageServer } from '../connection/languageServer';
import type { HeatmapPanels } from '../panel/panel';
import { readyStatus } from '../readyStatus';

export interface Chosen {
  model: Model;
  selection: Selection;
  /** Rejects with what keeps the selection from being shown. */
  select: (selection: Selection) => Promise<unknown>;
}

/** Those of the locked panel that the person is in; else the editor's, which hover and overlay show. */
export async function chosen(server: LanguageServer, panels: HeatmapPanels): Promise<Chosen> {
  const { model, selection } = await readyStatus(server);
  const shared: Chosen = {
    model,
    selection,
    select: (next) => server.request('attentionLens/setSelection', next),
  };
  return { ...shared, ...panels.own };
}
