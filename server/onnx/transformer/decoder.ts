/** The decoder of a model of two texts, beside what its encoder gives. */
import { AttentionPart } from './attention';
import { CrossAttentionPart } from './crossAttention';
import { DECODER_INPUTS, transformerTaps } from './names';
import { RuleNumbers } from './ruleNumbers';
import type { CrossSpec, DecoderSpec, LayerSpec, NormSpec } from './spec';
import { embed, normalised, type Parts } from './stream';

/**
 * Adds the decoder of `memory` [token, width], with its inputs and outputs, as far as its
 * last attention. `positionScale`: as the encoder's.
 */
export function buildDecoder(
  spec: DecoderSpec,
  parts: Parts,
  memory: string,
  positionScale: string,
): void {
  const { graph } = parts;
  const ids = graph.input(DECODER_INPUTS.ids, 'int64', [1, 'target']);
  const positions = graph.input(DECODER_INPUTS.positions, 'int64', [1, 'target']);
  const layers = new DecoderLayers(spec, parts, { positions, positionScale, memory });
  let hidden = embed(spec.self.embeddings, parts, ids, positions, positionScale);
  spec.self.layers.forEach((layer, index) => {
    const before = layers.readTexts(layer, spec.cross[index]!, index, hidden);
    if (index < spec.self.layers.length - 1)
      hidden = layers.goOn(layer, spec.cross[index]!, before);
  });
}

/** The stream after a layer's own attention, and the names of what it attends to the memory with. */
interface Attended {
  stream: string;
  names: ReturnType<typeof transformerTaps>;
}

class DecoderLayers {
  readonly #parts: Parts;
  readonly #attention: AttentionPart;
  readonly #cross: CrossAttentionPart;

  constructor(
    spec: DecoderSpec,
    parts: Parts,
    {
      positions,
      positionScale,
      memory,
    }: { [value in 'positions' | 'positionScale' | 'memory']: string },
  ) {
    const { graph, dense, parameters } = parts;
    const { heads, keyValueHeads } = spec.self;
    const numbers = new RuleNumbers(graph, parameters, heads, positionScale);
    this.#parts = parts;
    this.#attention = new AttentionPart(
      graph,
      dense,
      spec.self,
      { positions, positionScale },
      { heads, keyValueHeads, numbers },
      'target',
    );
    this.#cross = new CrossAttentionPart(graph, dense, spec, memory);
  }

  /** Both attentions of a layer over `hidden`, the second one without what it reads. */
  readTexts(layer: LayerSpec, cross: CrossSpec, index: number, hidden: string): Attended {
    const own = this.#attention.weights(
      layer,
      this.#before(layer, layer.attentionNorm, hidden),
      transformerTaps(index, 'decoder'),
    );
    const context = this.#attention.context(layer, own);
    const stream = this.#after(layer, layer.attentionNorm, hidden, context);
    const names = transformerTaps(index, 'cross');
    this.#cross.weights(cross, this.#before(layer, cross.norm, stream), names);
    return { stream, names };
  }

  /** The next layer's input. */
  goOn(layer: LayerSpec, cross: CrossSpec, { stream, names }: Attended): string {
    const { feedForward, feedForwardNorm } = layer;
    const read = this.#after(layer, cross.norm, stream, this.#cross.context(cross, names));
    const input = this.#before(layer, feedForwardNorm, read);
    const found = this.#parts.dense.feedForward(feedForward, input);
    return this.#after(layer, feedForwardNorm, read, found);
  }

  /** What a part reads of the stream. */
  #before({ order }: LayerSpec, norm: NormSpec | null, stream: string): string {
    return order === 'post' ? stream : normalised(this.#parts.dense, norm, stream);
  }

  /** The stream with what a part has found. */
  #after({ order }: LayerSpec, norm: NormSpec | null, stream: string, found: string): string {
    const sum = this.#parts.graph.node('Add', [stream, found]);
    return order === 'post' ? normalised(this.#parts.dense, norm, sum) : sum;
  }
}
