/** Which layer, head and reading are meant, checked against the model. */
import * as l10n from '@vscode/l10n';
import type { HeadSelection } from '../engine/protocol';
import type { ModelManifest } from '../models/manifest';
import { modelOfAnyStack, weighsValues } from './stacks';
import { fitSelection } from '../selectionRules';
import { checkChangeable } from './encodingChange';
import {
  INITIAL_SELECTION,
  type Model,
  type Select,
  type Selection,
  type Stack,
} from '../protocol';
import { InvalidParams, RequestFailed } from './errors';

/**
 * The selection with its defaults filled in. Throws {@link InvalidParams} for a layer
 * or heads that the model does not have or that the reading cannot have, and
 * {@link RequestFailed} for a layer that is left out, rollout through one, and a change of
 * position that the model does not take.
 */
export function resolveSelection(select: Select, model: Model): Selection {
  const selection = complete(select);
  const { layer, head, aggregate, reading } = selection;
  checkIndex('layer', layer, model.layers);
  checkIndex('head', head, model.heads);
  checkShown(selection, model);
  const heads = selection.heads && chosenHeads(selection.heads, head, model);
  if (reading === 'rollout') checkRollout({ head, heads, aggregate }, selection.stack);
  if (selection.encoding) checkChangeable(selection.encoding, model);
  return { ...selection, heads };
}

/** As {@link resolveSelection}, of what the model has of it. */
export function fittingSelection(select: Select, model: Model, manifest: ModelManifest): Selection {
  return resolveSelection(fitToModel(complete(select), model, manifest), model);
}

/** Throws {@link RequestFailed} where the layer is left out, or one that rollout would go through. */
export function checkShown(
  { layer, reading }: Pick<Selection, 'layer' | 'reading'>,
  { leftOut = [], layers }: Pick<Model, 'leftOut' | 'layers'>,
): void {
  const own = leftOut.find((each) => each.layer === layer);
  if (own) {
    throw new RequestFailed(
      'notInThisModel',
      l10n.t('Layer {0} of this model is not shown: {1}', own.layer, own.reason),
    );
  }
  const below = leftOut.find((each) => each.layer < (layer ?? layers));
  if (reading !== 'rollout' || !below) return;
  throw new RequestFailed(
    'notInThisModel',
    l10n.t(
      'Layer {0} of this model is not shown, so attention cannot be rolled through it. Choose another reading, or a layer below.',
      below.layer,
    ),
  );
}

/** Rollout has a mean of heads of its own. Throws {@link InvalidParams}. */
function checkRollout(
  { head, heads, aggregate }: Pick<Selection, 'head' | 'heads' | 'aggregate'>,
  stack: Stack | undefined,
): void {
  if (stack === 'cross')
    throw new InvalidParams(
      'reading',
      l10n.t(
        'Rollout goes through layers that read each other, within one text: "reading" cannot be rollout across two.',
      ),
    );
  const field = head !== null ? 'head' : heads ? 'heads' : aggregate === 'max' ? 'aggregate' : null;
  if (field === null) return;
  throw new InvalidParams(
    field,
    l10n.t('"{0}" cannot be chosen with rollout, which mixes the heads of a layer itself.', field),
  );
}

/** Throws {@link RequestFailed} where values are to be weighed that the model's files say too little of. */
export function checkWeighable({ reading, stack }: Selection, manifest: ModelManifest): void {
  if (reading !== 'valueWeighted' || weighsValues(manifest, stack)) return;
  throw new RequestFailed(
    'notInThisModel',
    l10n.t(
      'How this model joins its heads is not known, so values cannot be weighed. Choose another reading.',
    ),
  );
}

/** What of a selection the engine is asked for. */
export function headsOf(selection: Selection): HeadSelection {
  const { layer, head, heads, aggregate, reading } = selection;
  return { layer, head, heads, aggregate, reading };
}

/** Nothing but the selection, what is left out by its default. */
function complete(select: Select): Selection {
  const { layer, head, heads, aggregate, reading, merge, encoding, stack } = select;
  return {
    layer: layer ?? null,
    head: head ?? null,
    heads: heads ?? null,
    aggregate: aggregate ?? INITIAL_SELECTION.aggregate,
    reading: reading ?? INITIAL_SELECTION.reading,
    merge: merge ?? INITIAL_SELECTION.merge,
    encoding: encoding ?? null,
    ...(stack ? { stack } : {}),
  };
}

/** The set of heads, ascending. Throws {@link InvalidParams} naming `heads`. */
function chosenHeads(heads: readonly number[], head: number | null, model: Model): number[] {
  if (head !== null)
    throw new InvalidParams(
      'heads',
      l10n.t('"heads" cannot be given together with "head": choose one head or several.'),
    );
  const chosen = [...new Set(heads)].sort((one, other) => one - other);
  const there = chosen.every((each) => Number.isInteger(each) && each >= 0 && each < model.heads);
  if (there && chosen.length === heads.length && chosen.length > 0) return chosen;
  throw new InvalidParams(
    'heads',
    l10n.t('"heads" must be different whole numbers from 0 to {0}.', model.heads - 1),
  );
}

/** As {@link fitSelection}; a reading that the model cannot have becomes the raw one. */
export function fitToModel(selection: Selection, model: Model, manifest: ModelManifest): Selection {
  const fitted = fitSelection(selection, model);
  const { reading, stack } = fitted;
  const cannotWeigh = reading === 'valueWeighted' && !weighsValues(manifest, stack);
  const cannotRoll = reading === 'rollout' && stack === 'cross';
  return cannotWeigh || cannotRoll ? { ...fitted, reading: 'raw' } : fitted;
}

/** As {@link fitToModel}, of whichever kind of its attention is selected, if it has that. */
export function fitToStacks(
  selection: Selection,
  { model, manifest }: { model: Model; manifest: ModelManifest },
): Selection {
  const { stack, ...others } = selection;
  const has = stack === undefined || stack === 'encoder' || model.decoder !== undefined;
  const kept: Selection = has ? selection : others;
  return fitToModel(kept, modelOfAnyStack(model, kept.stack), manifest);
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
