/** Which kinds of attention an analysis is of, how large each is, and in what order its layers come. */
import { shownLayers, stackOf, type LayerTap, type ModelManifest } from '../models/manifest';
import type { Stack } from '../protocol';
import { crossWindow } from './pairNames';
import type { AnalyseParams } from './protocol';
import type { WindowInputs } from './window';

/** One layer of one kind. */
export interface Step {
  stack: Stack;
  layer: number;
  /** Of its queries, keys and values. */
  names: string[];
}

/** What is kept of an analysis: the first of them under its own name. */
export function stacksOf({ target }: Pick<AnalyseParams, 'target'>): Stack[] {
  return target ? ['decoder', 'cross'] : ['encoder'];
}

/** The layers that an analysis goes through, in order, and what it takes of each. */
export function stepsOf(
  manifest: ModelManifest,
  { target }: Pick<AnalyseParams, 'target'>,
): Step[] {
  const ofStack = (stack: Stack): Step[] => {
    const parts = stackOf(manifest, stack);
    if (!parts) return [];
    return shownLayers(parts).map((layer) => ({
      stack,
      layer,
      names: namesOf(parts.taps[layer]!),
    }));
  };
  if (!target) return ofStack('encoder');
  const cross = ofStack('cross');
  return ofStack('decoder').flatMap((step, layer) => [step, cross[layer]!]);
}

function namesOf({ query, key, value }: LayerTap): string[] {
  return [query, key, value];
}

export function windowName(window: string, stack: Stack): string {
  return stack === 'cross' ? crossWindow(window) : window;
}

/** How many queries and keys there are. */
export function sidesOf(
  stack: Stack,
  { ids, target }: WindowInputs,
): { tokens: number; keys: number } {
  const decoded = target?.length ?? 0;
  if (stack === 'encoder') return { tokens: ids.length, keys: ids.length };
  return { tokens: decoded, keys: stack === 'decoder' ? decoded : ids.length };
}
