/** Which text a document was made from, for models that read two: the decoder's text has the encoder's as its source. */
import type { Model, Position, Stack, WhereOfStack } from '../protocol';
import type { OpenDocument } from './openDocument';
import { modelOfStack, noSource, type Place } from './stacks';

/** What a hover in one of two texts is about. */
export interface PairOfTexts {
  /** The decoder's text, which is what a question is asked of. */
  asked: OpenDocument;
  place: Place;
  /** Which of both is pointed at. */
  side: 'queries' | 'keys';
}

export class SourceTexts {
  readonly #documents: ReadonlyMap<string, OpenDocument>;
  /** URI of a decoder's text → that of the encoder's. */
  readonly #sources = new Map<string, string>();

  /** `documents`: those that are open, by URI. */
  constructor(documents: ReadonlyMap<string, OpenDocument>) {
    this.#documents = documents;
  }

  of(uri: string): string | undefined {
    return this.#sources.get(uri);
  }

  /** Undefined for a text that has none. Throws InvalidParams where the source is not open. */
  set(uri: string, source: string | undefined): void {
    if (source === undefined) this.#sources.delete(uri);
    else if (this.#documents.has(source)) this.#sources.set(uri, source);
    else throw noSource();
  }

  close(uri: string): void {
    for (const pair of [...this.#sources]) if (pair.includes(uri)) this.#sources.delete(pair[0]);
  }

  /**
   * Where a question is asked: in one text, or in the decoder's beside the encoder's. Throws InvalidParams
   * where that has no open source, and RequestFailed `notInThisModel` where `model`, the one in use, reads one text.
   */
  place(
    { textDocument, position, source, stack = 'encoder' }: WhereOfStack,
    model: Model | undefined,
  ): Place {
    if (stack === 'encoder') return { position };
    const uri = source?.uri ?? this.of(textDocument.uri);
    const text = uri === undefined ? undefined : this.#documents.get(uri);
    if (text) return { position, pair: { stack, source: text, position: source?.position } };
    if (model) modelOfStack(model, stack);
    throw noSource();
  }

  /**
   * The two texts that a hover in one of them is about: a text that has a source is the decoder's,
   * one that is a source is read by that; undefined where it stands alone, or is to.
   */
  pairOf(
    document: OpenDocument,
    position: Position,
    stack: Stack | undefined,
  ): PairOfTexts | undefined {
    const { uri } = document.text;
    const source = this.#documents.get(this.of(uri) ?? '');
    if (source) {
      const pair = { stack: stack === 'decoder' ? stack : 'cross', source } as const;
      return { asked: document, place: { position, pair }, side: 'queries' };
    }
    const [target] = [...this.#sources].find(([, of]) => of === uri) ?? [];
    const asked = this.#documents.get(target ?? '');
    if (!asked || stack === 'encoder' || stack === 'decoder') return undefined;
    const pair = { stack: 'cross', source: document, position } as const;
    return { asked, place: { position: asked.cursor, pair }, side: 'keys' };
  }
}
