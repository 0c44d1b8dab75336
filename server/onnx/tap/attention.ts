/** An attention layer as it was found in a graph. */
import type { TapPoint } from './operand';
import type { ScoreStep } from './scores';
import type { GraphNode } from './node';

/** `self`: of the only text, or of the first of two. */
export type AttentionKind = 'self' | 'decoderSelf' | 'cross';

export interface FoundLayer {
  /** The softmax, or the node that is the whole of attention. */
  node: GraphNode;
  kind: AttentionKind;
  query: TapPoint;
  key: TapPoint;
  value: TapPoint;
  /** float [.., query, key] as it weights the values. */
  weights: string;
  /** Nodes that must be added before anything can be taken out. */
  added: readonly GraphNode[];
  /** The product's name; its shape is that of the scores. */
  scores: string;
  steps: readonly ScoreStep[];
  /** Product of what the graph scales queries and keys with. */
  factor: number;
}

/** Something that looks like attention and is not shown. */
export interface NotShown {
  /** A layer or a node. */
  where: string;
  reason: string;
}
