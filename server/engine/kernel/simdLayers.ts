/** Brings layers into the memory of the SIMD kernel. */
import { FLOAT_BYTES, HALF_BYTES, HALVES, LANES, padded } from './packing';
import { FloatLayer, HalfLayer } from './simdLayer';
import type { Arena } from './arena';
import { keyCount, type LayerShape, type Precision, type StoredLayer } from './kernel';
import type { RuleAddresses } from './simdHead';

/** What of the assembly lays numbers out; addresses are byte offsets, counts are items. */
export interface Packing {
  packKeys(source: number, target: number, count: number, size: number): void;
  toHalves(source: number, target: number, count: number): void;
  fromHalves(source: number, target: number, count: number): void;
}

export class SimdLayers {
  readonly #arena: Arena;
  readonly #packing: Packing;

  constructor(arena: Arena, packing: Packing) {
    this.#arena = arena;
    this.#packing = packing;
  }

  /** As the kernel's `store`; what it took is given back where memory ends. */
  store(
    shape: LayerShape,
    query: Float32Array,
    key: Float32Array,
    precision: Precision,
  ): StoredLayer {
    const { tokens, headSize, additive, distance } = shape;
    const [v, places, added] = this.#allocate(
      additive ? headSize : 0,
      distance ? padded(tokens) : 0,
      distance?.added?.length ?? 0,
    );
    try {
      if (additive) this.#arena.write(additive, v);
      if (distance) this.#writePlaces(distance.positions, places);
      if (distance?.added) this.#arena.write(distance.added, added);
      const rule = { v, places, added };
      return precision === 'float32'
        ? this.#storeFloats(shape, query, key, rule)
        : this.#storeHalves(shape, query, key, rule);
    } catch (error) {
      for (const address of [v, places, added]) this.#arena.free(address);
      throw error;
    }
  }

  /** What pads them is 0, so that nothing but a number is computed with. */
  #writePlaces(positions: Float32Array, at: number): void {
    const places = new Float32Array(padded(positions.length));
    places.set(positions);
    this.#arena.write(places, at);
  }

  #storeFloats(
    shape: LayerShape,
    query: Float32Array,
    key: Float32Array,
    rule: RuleAddresses,
  ): StoredLayer {
    const [queries, keys, source] = this.#allocate(
      query.length + (LANES - 1) * shape.headSize,
      packedLength(shape),
      key.length,
    );
    this.#arena.write(query, queries);
    this.#arena.write(key, source);
    this.#packKeys(shape, source, keys);
    this.#arena.free(source);
    return new FloatLayer(shape, { query: queries, keys, ...rule }, this.#arena);
  }

  /** Packed in float32 first, so that a head's keys only have to be widened to be read. */
  #storeHalves(
    shape: LayerShape,
    query: Float32Array,
    key: Float32Array,
    rule: RuleAddresses,
  ): StoredLayer {
    const packed = packedLength(shape);
    const [queries, keys, floats, source] = this.#allocate(
      halvesAsFloats(query.length),
      halvesAsFloats(packed),
      Math.max(query.length, packed) + HALVES,
      key.length,
    );
    this.#arena.write(query, floats);
    this.#packing.toHalves(floats, queries, query.length);
    this.#arena.write(key, source);
    this.#packKeys(shape, source, floats);
    this.#packing.toHalves(floats, keys, packed);
    this.#arena.free(source);
    this.#arena.free(floats);
    const addresses = { query: queries, keys, ...rule };
    return new HalfLayer(shape, addresses, this.#arena, (...numbers) =>
      this.#packing.fromHalves(...numbers),
    );
  }

  /** Keys [head, token, size] into blocks. */
  #packKeys(shape: LayerShape, source: number, keys: number): void {
    const { headSize, keyValueHeads } = shape;
    const count = keyCount(shape);
    for (let head = 0; head < keyValueHeads; head++) {
      const from = source + head * count * headSize * FLOAT_BYTES;
      const to = keys + head * padded(count) * headSize * FLOAT_BYTES;
      this.#packing.packKeys(from, to, count, headSize);
    }
  }

  /** Addresses for so many floats each, 0 for none at all; all of them or nothing. */
  #allocate<Counts extends number[]>(...floats: Counts): Counts {
    const taken: number[] = [];
    try {
      for (const count of floats)
        taken.push(count === 0 ? 0 : this.#arena.allocate(count * FLOAT_BYTES));
    } catch (error) {
      for (const at of taken) this.#arena.free(at);
      throw error;
    }
    return taken as Counts;
  }
}

/** Floats of a layer's packed keys. */
function packedLength(shape: LayerShape): number {
  return shape.keyValueHeads * padded(keyCount(shape)) * shape.headSize;
}

/** How many floats take as much room as so many halves, with those behind them that may be written too. */
function halvesAsFloats(count: number): number {
  return Math.ceil(((count + HALVES) * HALF_BYTES) / FLOAT_BYTES);
}
