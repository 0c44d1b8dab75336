/** The made-up attention in each reading, heads as one, and pieces of words as one. */
import type { EncodingChange, Selection } from '../../server/protocol';
import { HEADS, LAYERS, syntheticHead } from './syntheticAttention';

/** A square map, row-major. */
type Weights = Float32Array;

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

export class SyntheticReadings {
  readonly #texts: readonly string[];
  /** [token] → word */
  readonly #words: readonly number[];
  readonly #causal: boolean;
  readonly #kept = new Map<string, Weights>();

  constructor(texts: readonly string[], words: readonly number[], causal: boolean) {
    this.#texts = texts;
    this.#causal = causal;
    this.#words = words;
  }

  /** What a selection shows, [query, key] of tokens or of words. */
  map(selection: Selection): Weights {
    return this.#keep(JSON.stringify(selection), () => {
      const map = this.#tokens(selection);
      return selection.merge === 'words' ? this.#merged(map) : map;
    });
  }

  #tokens(selection: Selection): Weights {
    const { layer, head, heads, aggregate, reading, encoding } = selection;
    if (reading === 'rollout') return this.#rollout(layer ?? LAYERS - 1, encoding);
    const layers = layer === null ? range(LAYERS) : [layer];
    const chosen = heads ?? (head === null ? range(HEADS) : [head]);
    const maps = layers.flatMap((each) =>
      chosen.map((index) => this.#read(each, index, reading, encoding)),
    );
    return asOne(maps, aggregate);
  }

  #read(
    layer: number,
    head: number,
    reading: Selection['reading'],
    encoding: EncodingChange | null,
  ): Weights {
    const raw = this.#keep(`${layer}/${head}/${JSON.stringify(encoding)}`, () =>
      syntheticHead(this.#texts, layer, head, encoding, this.#causal),
    );
    const last = this.#texts.length - 1;
    if (reading === 'withoutSink')
      return rescaled(raw, (key) => (key === 0 || key === last ? 0 : 1));
    // Tokens bring more the longer they are.
    if (reading === 'valueWeighted') return rescaled(raw, (key) => this.#texts[key]!.length);
    return raw;
  }

  #rollout(top: number, encoding: EncodingChange | null): Weights {
    const count = this.#texts.length;
    let rolled = new Float32Array(count * count);
    for (let at = 0; at < count; at++) rolled[at * count + at] = 1;
    for (const layer of range(top + 1)) {
      const mean = asOne(
        range(HEADS).map((head) => this.#read(layer, head, 'raw', encoding)),
        'mean',
      );
      const next = rolled.map((weight) => weight / 2);
      for (let row = 0; row < count; row++)
        for (let middle = 0; middle < count; middle++) {
          const weight = mean[row * count + middle]! / 2;
          for (let key = 0; key < count; key++)
            next[row * count + key]! += weight * rolled[middle * count + key]!;
        }
      rolled = next;
    }
    return rolled;
  }

  #merged(map: Weights): Weights {
    const words = this.#words;
    const count = words.at(-1)! + 1;
    const sizes = new Float32Array(count);
    for (const word of words) sizes[word]!++;
    const merged = new Float32Array(count * count);
    words.forEach((query, row) =>
      words.forEach((key, column) => {
        merged[query * count + key]! += map[row * words.length + column]! / sizes[query]!;
      }),
    );
    return merged;
  }

  #keep(key: string, make: () => Weights): Weights {
    const kept = this.#kept.get(key) ?? make();
    this.#kept.set(key, kept);
    return kept;
  }
}

function asOne(maps: readonly Weights[], aggregate: Selection['aggregate']): Weights {
  const result = new Float32Array(maps[0]!.length);
  for (const map of maps)
    map.forEach((weight, at) => {
      if (aggregate === 'mean') result[at]! += weight / maps.length;
      else result[at] = Math.max(result[at]!, weight);
    });
  return result;
}

/** Weights times a factor of their key, each row brought back to 1. */
function rescaled(map: Weights, factor: (key: number) => number): Weights {
  const count = Math.sqrt(map.length);
  const changed = map.map((weight, at) => weight * factor(at % count));
  for (let query = 0; query < count; query++) {
    const row = changed.subarray(query * count, (query + 1) * count);
    const sum = row.reduce((total, weight) => total + weight, 0);
    for (let key = 0; key < count; key++) row[key]! /= sum;
  }
  return changed;
}
