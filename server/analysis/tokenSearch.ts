/** Which token stands at an offset. Tokens are in text order, their ranges may repeat. */

/** Ranges of tokens; −1 marks tokens that stand nowhere. */
export interface TokenRanges {
  starts: Int32Array;
  ends: Int32Array;
}

/** The first token whose range holds the offset, else the one that ends at it, else undefined. */
export function tokenAt({ starts, ends }: TokenRanges, offset: number): number | undefined {
  let ending: number | undefined;
  for (let token = 0; token < starts.length; token++) {
    const start = starts[token] ?? -1;
    const end = ends[token] ?? -1;
    if (start < 0) continue;
    if (start <= offset && offset < end) return token;
    if (end === offset && ending === undefined) ending = token;
  }
  return ending;
}

/** The token at the offset, else the nearest one (the earlier of two); undefined without tokens. */
export function nearestToken(ranges: TokenRanges, offset: number): number | undefined {
  const at = tokenAt(ranges, offset);
  if (at !== undefined) return at;
  let nearest: number | undefined;
  let least = Infinity;
  for (let token = 0; token < ranges.starts.length; token++) {
    const start = ranges.starts[token] ?? -1;
    if (start < 0) continue;
    const distance = start > offset ? start - offset : offset - (ranges.ends[token] ?? 0);
    if (distance < least) {
      least = distance;
      nearest = token;
    }
  }
  return nearest;
}
