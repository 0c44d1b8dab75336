/** What was found in the model in use, and what could not be shown. */
import * as l10n from '@vscode/l10n';
import { scoreOf, shownLayers, type ModelManifest, type ScoreRule } from '../models/manifest';
import type { Model, ModelReportResult, NotShown, ScoreReport, Status } from '../protocol';
import type { ReadyModel } from './modelSlot';

export function modelReport(
  { model, manifest, report, notShown = [] }: ReadyModel,
  engine: Status['engine'],
): ModelReportResult {
  const files = [...manifest.weights, manifest.tokenizer, manifest.graph];
  return {
    model,
    engine,
    windowLength: manifest.windowLength ?? manifest.contextLength,
    headSize: manifest.headSize,
    largestDifference: Number.isFinite(report.probeError) ? report.probeError : null,
    scores: scoresOf(manifest),
    files: files.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })),
    notShown: [...leftOutOf(model), ...notShown],
  };
}

function leftOutOf({ leftOut = [] }: Model): NotShown[] {
  return leftOut.map(({ layer, reason }) => ({ where: l10n.t('layer {0}', layer), reason }));
}

/** Layers with the same rule together, in the order of their first. */
function scoresOf(manifest: ModelManifest): ScoreReport[] {
  const reports = new Map<string, ScoreReport>();
  for (const layer of shownLayers(manifest)) {
    const report = describe(scoreOf(manifest, layer));
    const key = JSON.stringify(report);
    const known = reports.get(key) ?? { layers: [], ...report };
    known.layers.push(layer);
    reports.set(key, known);
  }
  return [...reports.values()];
}

function describe(rule: ScoreRule): Omit<ScoreReport, 'layers'> {
  const { kind, bias, sinks } = rule;
  return {
    kind,
    scale: kind === 'additive' ? null : rule.scale,
    cap: kind === 'softcappedDot' ? rule.cap : null,
    causal: bias.causal,
    window: bias.window ?? null,
    bias: (['alibi', 'relative'] as const).filter((name) => bias[name] !== undefined),
    sinks: sinks !== undefined,
  };
}
