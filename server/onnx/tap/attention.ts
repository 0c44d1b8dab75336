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
  /** Element type of the weights, as in `TensorProto.DataType`. */
  weightsType: number | undefined;
  /** Nodes that must be added before anything can be taken out. */
  added: readonly GraphNode[];
  /** What stands in the place of {@link node}, with more outputs. */
  replacement?: GraphNode;
  /** Values of added nodes whose type the runtime cannot tell. */
  typed: readonly string[];
  /** The product's name, whose shape is that of the scores, or the number of heads. */
  scores: string | number;
  steps: readonly ScoreStep[];
  /** Product of what the graph scales queries and keys with. */
  factor: number;
}

/** Something that looks like attention and is not shown. */
export interface NotShown {
  /** A layer or a node. */
  where: string;
  reason: string;
  /** Of a layer whose place among those of its kind is known. */
  layer?: { kind: AttentionKind; index: number };
}
