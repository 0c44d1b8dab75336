/** Whose layer, head, reading and position a command changes. */
import type { Model, Selection } from '../../server/protocol';
import { fitSelection } from '../../server/selectionRules';
import { textEditor } from '../activeText';
import { numbersModel } from '../chapter/documentModel';
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
  const status = await readyStatus(server);
  const document = textEditor()?.document;
  const own = await numbersModel(server, status, document);
  const model = own ?? status.model;
  const meant = own && document ? { textDocument: { uri: document.uri.toString() } } : {};
  const shared: Chosen = {
    model,
    selection: fitSelection(status.selection, model),
    select: (next) => server.request('attentionLens/setSelection', { ...next, ...meant }),
  };
  return { ...shared, ...panels.own };
}
