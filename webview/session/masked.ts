import type { Selection } from '../../server/protocol';
import { MaskedCells, maskRuleOf } from '../map/maskedCells';
import type { Session } from './session';
import type { Units } from './units';

/** What was worked out for units that are still about. */
const known = new WeakMap<Units, Map<string, MaskedCells>>();

/** The cells that the model hides in what a selection shows; null: none. */
export function maskedCells(
  { state, model }: Pick<Session, 'state' | 'model'>,
  selection: Selection,
  units: Units,
): MaskedCells | null {
  if (!model) return null;
  const causal = state?.chapter?.causal ?? model.causal;
  const rule = maskRuleOf({ ...model, causal }, selection);
  if (!rule.causal && rule.window === null) return null;
  const ofUnits = known.get(units) ?? new Map<string, MaskedCells>();
  known.set(units, ofUnits);
  const key = `${rule.causal}/${rule.window}`;
  const cells = ofUnits.get(key) ?? new MaskedCells(units, rule);
  ofUnits.set(key, cells);
  return cells;
}

/** How far the model looks in what a selection shows, in tokens; null: without end. */
export function windowOf({ model }: Session, selection: Selection): number | null {
  return model && maskRuleOf(model, selection).window;
}
