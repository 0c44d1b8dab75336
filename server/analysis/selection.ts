/** Which layer, head and reading are meant, checked against the model. */
import * as l10n from '@vscode/l10n';
import type { Model, Select, Selection } from '../protocol';
import { InvalidParams, RequestFailed } from './errors';

export const INITIAL_SELECTION: Readonly<Selection> = {
  layer: null,
  head: null,
  reading: 'raw',
  encoding: null,
};

/**
 * The selection with its defaults filled in. Throws {@link InvalidParams} for a layer
 * or head that the model does not have, {@link RequestFailed} for a reading that this
 * version cannot compute.
 */
export function resolveSelection({ layer, head, reading }: Select, model: Model): Selection {
  checkIndex('layer', layer ?? null, model.layers);
  checkIndex('head', head ?? null, model.heads);
  checkReading(reading ?? 'raw');
  return { layer: layer ?? null, head: head ?? null, reading: reading ?? 'raw', encoding: null };
}

/** True when the model has the selected layer and head. */
export function fitsModel({ layer, head }: Selection, model: Model): boolean {
  return (layer ?? 0) < model.layers && (head ?? 0) < model.heads;
}

export function checkReading(reading: Selection['reading']): void {
  if (reading === 'raw' || reading === 'withoutSink') return;
  throw new RequestFailed(
    'notYet',
    l10n.t('The reading "{0}" is not available in this version; use raw or withoutSink.', reading),
  );
}

/** Throws {@link InvalidParams} naming `field` unless the index is null or one of `count`. */
export function checkIndex(field: string, index: number | null, count: number): void {
  if (index === null || (Number.isInteger(index) && index >= 0 && index < count)) return;
  throw new InvalidParams(
    field,
    l10n.t('"{0}" must be a whole number from 0 to {1}.', field, count - 1),
  );
}

/** The span, or all of [0, count). Throws {@link InvalidParams} naming `field` unless it lies inside. */
export function checkSpan(
  field: string,
  span: [start: number, end: number] | undefined,
  count: number,
  least = 1,
): [start: number, end: number] {
  const [start, end] = span ?? [0, count];
  const whole = Number.isInteger(start) && Number.isInteger(end);
  if (whole && start >= 0 && end <= count && end - start >= least) return [start, end];
  throw new InvalidParams(
    field,
    l10n.t('"{0}" must be [start, end) inside 0 … {1} and not empty.', field, count),
  );
}
