/** What the engine analyses under one name: a window's tokens at certain positions, or given vectors. */
import { crossWindow } from '../engine/pairNames';
import type { AnalyseParams } from '../engine/protocol';
import type { EncodingChange } from '../protocol';
import type { PositionInputs } from '../positional/positionChanges';
import type { AttentionEngine } from './modelSlot';
import type { PairStack } from './stacks';
import type { WindowTokens } from './windowTokens';

/** The part of the engine that takes contents. */
export type ContentEngine = Pick<AttentionEngine, 'analyse' | 'give'>;

export interface AnalyseOptions {
  signal: AbortSignal;
  onProgress(progress: { done: number; total: number }): void;
}

export interface WindowContent {
  /** Equal for equal content alone. */
  key: string;
  /** Equal for the same tokens, however their positions are changed. */
  base: string;
  tokens: number;
  /** Under which name the engine answers about it, where that is not the window's own. */
  view?: (window: string) => string;
  /** Has the engine hold it under the name `window`. */
  analyse(engine: ContentEngine, window: string, options: AnalyseOptions): Promise<unknown>;
}

type Ids = Pick<WindowTokens, 'ids' | 'specialTokens'>;

/** A window as trained, or with the positions that a change gives its tokens. */
export function windowContent(
  { ids, specialTokens }: Ids,
  change: EncodingChange | null = null,
  inputs?: PositionInputs,
): WindowContent {
  const base = contentBase({ ids, specialTokens });
  const placed = change && inputs ? placement(inputs) : undefined;
  return {
    key: contentKey(base, change),
    base,
    tokens: ids.length,
    analyse: (engine, window, options) =>
      engine.analyse({ window, ids, specialTokens, ...placed }, options),
  };
}

/**
 * Two texts, of which the decoder's attention to its own is looked at, or that across.
 * Both are analysed together and kept under one key.
 */
export function pairContent(source: Ids, target: Ids, stack: PairStack): WindowContent {
  const base = `pair:${contentBase(source).length}:${contentBase(source)}${contentBase(target)}`;
  return {
    key: base,
    base,
    // The layers keep queries of the one and keys and values of both.
    tokens: source.ids.length + target.ids.length,
    ...(stack === 'cross' ? { view: crossWindow } : {}),
    analyse: (engine, window, options) => {
      const { ids, specialTokens } = source;
      const { ids: own, specialTokens: special } = target;
      const params = { window, ids, specialTokens, target: { ids: own, specialTokens: special } };
      return engine.analyse(params, options);
    },
  };
}

function placement({ positionIds, ...others }: PositionInputs): Partial<AnalyseParams> {
  return { positions: positionIds, ...others };
}

export function contentKey(base: string, change: EncodingChange | null): string {
  return change ? `${JSON.stringify(change)}:${base}` : base;
}

/** The ids themselves, two UTF-16 units each: exact, so that no two windows are ever mistaken. */
export function contentBase(window: Ids): string {
  let base = bases.get(window.ids);
  if (base === undefined) bases.set(window.ids, (base = writeBase(window)));
  return base;
}

/** Idle work asks for those of whole documents again and again. */
const bases = new WeakMap<Int32Array, string>();

function writeBase({ ids, specialTokens }: Ids): string {
  const units = new Uint16Array(ids.buffer, ids.byteOffset, ids.length * 2);
  let content = `${specialTokens.join()}:`;
  for (const unit of units) content += String.fromCharCode(unit);
  return content;
}
