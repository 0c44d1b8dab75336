/** What the view of two texts asks of the extension host. */
import type { Merge, Reading } from '../../server/protocol';

/** Attention from the document's tokens to those of the text that it was made from. */
export interface PanelPair {
  generation: number;
  /** The last name of the source's document. */
  source: string;
  /** What reads: the decoder's tokens or words, its first token among them. */
  queries: string[];
  /** What is read: those of the source. */
  keys: string[];
  /** As many as there are queries and keys, or fewer where those are too many for one answer. */
  rows: number;
  columns: number;
  /** float32 [row, column]: the largest weight under each cell. */
  values: Float32Array;
  /** Windows of the two texts; only one of each is looked at. */
  windows: { index: number; count: number | null }[];
}

export type PairMethods = {
  /** Null: no source text is set for the document. */
  pair: {
    params: {
      generation: number;
      /** Of the decoder; null: the mean of all. */
      layer: number | null;
      head: number | null;
      reading: Exclude<Reading, 'rollout'>;
      merge: Merge;
    };
    result: { pair: PanelPair | null };
  };
  /** Has the person choose the text that the document was made from. */
  setSourceText: { params: Record<string, never>; result: void };
};
