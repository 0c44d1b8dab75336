/** Open documents, kept in step with the client by incremental sync. */
import type { Lens } from '../analysis/lens';
import type { Runner } from './runner';
import { changeParams, closeParams, openParams, viewParams } from './schemas';

export function followDocuments(runner: Runner, lens: Lens): void {
  runner.onNotification('textDocument/didOpen', openParams, ({ textDocument }) =>
    lens.open(textDocument.uri, textDocument.version, textDocument.text),
  );
  runner.onNotification(
    'textDocument/didChange',
    changeParams,
    ({ textDocument: { uri, version }, contentChanges }) =>
      lens.change(uri, version, contentChanges),
  );
  runner.onNotification('textDocument/didClose', closeParams, ({ textDocument }) =>
    lens.close(textDocument.uri),
  );
  runner.onNotification('attentionLens/didChangeView', viewParams, (params) => lens.look(params));
}
