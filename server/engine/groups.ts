/**
 * Tokens in groups, such as the pieces of a word. Attention to a group is the sum over its
 * tokens, attention from a group their mean (Clark et al. 2019, "What Does BERT Look At?",
 * §4.1), so that rows keep their sum.
 */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import type { Stack } from '../protocol';

type Span = readonly [start: number, end: number];

export class Groups {
  /** Where each group begins, and after the last one the number of tokens. */
  readonly #starts: Int32Array;
  readonly #of: Int32Array;
  /** Every token is a group of its own. */
  readonly trivial: boolean;

  private constructor(of: Int32Array, starts: Int32Array) {
    this.#of = of;
    this.#starts = starts;
    this.trivial = starts.length === of.length + 1;
  }

  /**
   * `groups`: int32 [token] → its group, counted from 0 in the order of the tokens; without
   * it each token is one. Fails with `badRequest` where that is not so.
   */
  static of(tokens: number, groups?: Int32Array): Groups {
    const of = groups ?? Int32Array.from({ length: tokens }, (_, token) => token);
    const starts: number[] = [];
    of.forEach((group, token) => {
      if (group === starts.length) starts.push(token);
    });
    const inOrder = of.every((group, token) => group === of[token - 1] || starts[group] === token);
    if (of.length !== tokens || !inOrder) {
      throw new ChannelError(
        'badRequest',
        l10n.t('Groups must be counted from 0 in the order of the window’s {0} tokens.', tokens),
      );
    }
    return new Groups(of, Int32Array.from([...starts, tokens]));
  }

  get count(): number {
    return this.#starts.length - 1;
  }

  /** The tokens of a range of groups. */
  tokens([from, to]: Span): [start: number, end: number] {
    return [this.#starts[from]!, this.#starts[to]!];
  }

  /** A range of groups in parts of at most so many tokens; a group that has more is a part of its own. */
  *parts([from, to]: Span, most: number): Generator<[from: number, to: number]> {
    for (let start = from; start < to;) {
      let end = start + 1;
      while (end < to && this.#starts[end + 1]! - this.#starts[start]! <= most) end++;
      yield [start, end];
      start = end;
    }
  }

  /** One query's weights, float32 [token] → [group]. */
  sumKeys(row: Float32Array): Float32Array {
    if (this.trivial) return row;
    const sums = new Float32Array(this.count);
    row.forEach((weight, token) => (sums[this.#of[token]!]! += weight));
    return sums;
  }

  /** Who reads one key, float32 [token] → [group]. */
  meanQueries(column: Float32Array): Float32Array {
    if (this.trivial) return column;
    return this.sumKeys(column).map((sum, group) => sum / this.#size(group));
  }

  /**
   * Adds what the tokens of a block weigh to `target`, float32 [query group, key group] of the
   * given groups. `block`: float32 [query token, key token] of the tokens [first, end) and of
   * all tokens of `keys`. `keyGroups`: those of the keys, where they are another text's.
   */
  addBlock(
    target: Float32Array,
    { queries, keys }: { queries: Span; keys: Span },
    block: Float32Array,
    [first, end]: Span,
    keyGroups: Groups = this,
  ): void {
    const [keyStart, keyEnd] = keyGroups.tokens(keys);
    const [width, columns] = [keyEnd - keyStart, keys[1] - keys[0]];
    for (let query = first; query < end; query++) {
      const group = this.#of[query]!;
      const share = 1 / this.#size(group);
      const from = (query - first) * width;
      const to = (group - queries[0]) * columns - keys[0];
      for (let key = 0; key < width; key++) {
        target[to + keyGroups.#of[keyStart + key]!]! += share * block[from + key]!;
      }
    }
  }

  #size(group: number): number {
    return this.#starts[group + 1]! - this.#starts[group]!;
  }
}

/** Those of a window's queries and of its keys, which are the same where it has one text. Fails as {@link Groups.of}. */
export function groupsOf(
  { tokens, keys, stack }: { tokens: number; keys: number; stack: Stack },
  { groups, keyGroups }: { groups?: Int32Array; keyGroups?: Int32Array },
): { queries: Groups; keys: Groups } {
  const queries = Groups.of(tokens, groups);
  return { queries, keys: stack === 'cross' ? Groups.of(keys, keyGroups) : queries };
}
