/** Which layer, head and reading are meant, checked against the model. */
import * as l10n from '@vscode/l10n';
import { checkChangeable } from './encodingChange';
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
 * version cannot compute and for a change of position where the model has none.
 */
export function resolveSelection(
  { layer, head, reading, encoding }: Select,
  model: Model,
): Selection {
  checkIndex('layer', layer ?? null, model.layers);
  checkIndex('head', head ?? null, model.heads);
  checkReading(reading ?? 'raw');
  if (encoding) checkChangeable(model);
  return {
    layer: layer ?? null,
    head: head ?? null,
    reading: reading ?? 'raw',
    encoding: encoding ?? null,
  };
}

/** The selection as far as the model has it: a head that it lacks becomes the mean, a change it cannot make none. */
export function fitToModel(selection: Selection, { layers, heads, position }: Model): Selection {
  const { layer, head } = selection;
  const fits = (layer ?? 0) < layers && (head ?? 0) < heads;
  return {
    ...selection,
    ...(fits ? {} : { layer: null, head: null }),
    ...(position.kind === 'none' ? { encoding: null } : {}),
  };
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
