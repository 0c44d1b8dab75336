/** The requests of docs/protocol.md, each handed to the analysis. */
import * as l10n from '@vscode/l10n';
import { MarkupKind, type Hover } from 'vscode-languageserver';
import type * as v from 'valibot';
import type { AskOptions } from '../analysis/answer';
import { ModelError } from '../models/modelError';
import { parseModelSource } from '../models/source';
import { errataAnswer } from '../analysis/errataAnswer';
import { InvalidParams } from '../analysis/errors';
import type { Lens } from '../analysis/lens';
import type { FetchWish } from '../analysis/modelSlot';
import type { ServerRequests } from '../protocol';
import type { Runner } from './runner';
import {
  compareParams,
  explainParams,
  documentMapParams,
  hoverParams,
  mapParams,
  nothing,
  overviewParams,
  positionEffectParams,
  positionParams,
  positionShareParams,
  rowParams,
  selectModelParams,
  setSelectionParams,
  setSourceParams,
  stagesParams,
  statisticsParams,
  tokensParams,
} from './schemas';

/** `markdown`: whether hovers may be Markdown; asked when the first one comes. */
export function answerRequests(runner: Runner, lens: Lens, markdown: () => boolean): void {
  const answer = <M extends keyof ServerRequests, S extends v.GenericSchema>(
    method: M,
    schema: S,
    handler: (
      params: v.InferOutput<S>,
      options: AskOptions,
    ) => ServerRequests[M]['result'] | Promise<ServerRequests[M]['result']>,
  ): void => runner.onRequest(method, schema, handler);

  answer('attentionLens/status', nothing, () => lens.status());
  answer('attentionLens/tokens', tokensParams, (params, options) => lens.tokens(params, options));
  answer('attentionLens/row', rowParams, (params, options) => lens.row(params, options));
  answer('attentionLens/map', mapParams, (params, options) => lens.map(params, options));
  answer('attentionLens/overview', overviewParams, (params, options) =>
    lens.overview(params, options),
  );
  answer('attentionLens/statistics', statisticsParams, (params, options) =>
    lens.statistics(params, options),
  );
  answer('attentionLens/documentMap', documentMapParams, (params, options) =>
    lens.documentMap(params, options),
  );
  answer('attentionLens/setSelection', setSelectionParams, (params, options) =>
    lens.select(params, options),
  );
  answer('attentionLens/setSource', setSourceParams, (params) => lens.setSource(params));
  answer('attentionLens/position', positionParams, (params, options) =>
    lens.position(params, options),
  );
  answer('attentionLens/positionEffect', positionEffectParams, (params, options) =>
    lens.positionEffect(params, options),
  );
  answer('attentionLens/compare', compareParams, (params, options) =>
    lens.compare(params, options),
  );
  answer('attentionLens/positionShare', positionShareParams, (params, options) =>
    lens.positionShare(params, options),
  );
  answer('attentionLens/explain', explainParams, (params, options) =>
    lens.explain(params, options),
  );
  answer('attentionLens/stages', stagesParams, (params, options) => lens.stages(params, options));
  answer('attentionLens/errata', nothing, () => errataAnswer());
  answer('attentionLens/modelReport', nothing, (_params, { signal }) => lens.modelReport(signal));
  answer('attentionLens/selectModel', selectModelParams, async ({ model }, options) => {
    checkModel(model);
    const fetch: FetchWish = { wantedBy: 'person', ...ifTold(options.onDownload) };
    return { model: (await lens.loadModel(model, options.signal, fetch)).model };
  });
  answer('attentionLens/restart', nothing, async (_params, { signal }) => {
    await lens.restart(signal);
    return lens.status();
  });
  runner.onRequest('textDocument/hover', hoverParams, (params, options) =>
    hover(lens, params, markdown(), options),
  );
}

async function hover(
  lens: Lens,
  { textDocument, position, queryRange }: v.InferOutput<typeof hoverParams>,
  markdown: boolean,
  options: AskOptions,
): Promise<Hover | null> {
  if (!lens.settings.hover.enabled) return null;
  const answer = await lens.hover(textDocument.uri, position, markdown, options, queryRange);
  if (!answer) return null;
  const kind = markdown ? MarkupKind.Markdown : MarkupKind.PlainText;
  return { contents: { kind, value: answer.text }, range: answer.range };
}

function ifTold(onProgress: AskOptions['onDownload']): Pick<FetchWish, 'onProgress'> {
  return onProgress ? { onProgress } : {};
}

/** Throws InvalidParams for what names no model. */
function checkModel(model: string): void {
  try {
    parseModelSource(model);
  } catch (error) {
    if (error instanceof ModelError)
      throw new InvalidParams('model', l10n.t('"model" cannot be used: {0}', error.message));
    throw error;
  }
}
