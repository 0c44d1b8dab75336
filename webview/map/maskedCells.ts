import type { Model, Selection } from '../../server/protocol';
import type { Units } from '../session/units';
import type { Cell, Span } from './viewport';

/** What hides keys from a query, in tokens. */
export interface MaskRule {
  /** Keys after the query are hidden. */
  causal: boolean;
  /** Keys more tokens away than that are hidden; null: however far, they are seen. */
  window: number | null;
}

/**
 * The rule that holds for all that a selection shows. Of several layers a key is hidden where each of
 * them hides it; of rolled layers where no way through them leads to it, and each goes a window further.
 */
export function maskRuleOf(
  { causal, layers, windows }: Pick<Model, 'causal' | 'layers' | 'windows'>,
  { layer, reading }: Pick<Selection, 'layer' | 'reading'>,
): MaskRule {
  if (!windows) return { causal, window: null };
  const rolled = reading === 'rollout';
  const shown =
    layer !== null && !rolled
      ? [windows[layer] ?? null]
      : windows.slice(0, rolled ? (layer ?? layers - 1) + 1 : layers);
  const reaches = shown.filter((window) => window !== null);
  if (reaches.length < shown.length || reaches.length === 0) return { causal, window: null };
  const window = rolled ? reaches.reduce((sum, each) => sum + each, 0) : Math.max(...reaches);
  return { causal, window };
}

/** Which cells of a map have no weight at all, not even zero. */
export class MaskedCells {
  /** [query] → the first key that is seen, and the one behind the last. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;

  /** Among words, a pair is masked where all pairs of their pieces are. */
  constructor(units: Pick<Units, 'texts' | 'tokens' | 'of' | 'tokensOf'>, rule: MaskRule) {
    const { tokens } = units;
    const reach = rule.window ?? tokens;
    const queries = units.texts.length;
    this.#starts = new Int32Array(queries);
    this.#ends = new Int32Array(queries);
    for (let query = 0; query < queries; query++) {
      const [first, end] = units.tokensOf(query);
      const last = rule.causal ? end - 1 : Math.min(tokens - 1, end - 1 + reach);
      this.#starts[query] = units.of(Math.max(0, first - reach));
      this.#ends[query] = units.of(last) + 1;
    }
  }

  /** The keys that a query sees. */
  seen(query: number): Span {
    return [this.#starts[query] ?? 0, this.#ends[query] ?? 0];
  }

  has({ query, key }: Cell): boolean {
    const [start, end] = this.seen(query);
    return key < start || key >= end;
  }
}
