/** Where the tokens of a window occur again. */

/** Keys that matter to each query: [query] → ascending keys. */
export type KeysByQuery = readonly (readonly number[])[];

export interface RepeatedTokens {
  /** Other places with the query's own id; in causal models earlier ones alone. */
  duplicates: KeysByQuery;
  /** What follows earlier places with the query's id, the query itself left out. */
  successors: KeysByQuery;
}

/** From ids [token]. */
export function repeatedTokens(ids: Int32Array, causal: boolean): RepeatedTokens {
  const places = new Map<number, number[]>();
  ids.forEach((id, at) => {
    const known = places.get(id);
    if (known) known.push(at);
    else places.set(id, [at]);
  });
  const tokens = Array.from(ids.keys());
  return {
    duplicates: tokens.map((query) =>
      places.get(ids[query]!)!.filter((key) => key !== query && !(causal && key > query)),
    ),
    successors: tokens.map((query) =>
      places
        .get(ids[query]!)!
        .filter((earlier) => earlier + 1 < query)
        .map((earlier) => earlier + 1),
    ),
  };
}
