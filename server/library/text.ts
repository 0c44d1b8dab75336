/** One analysed text of the library. */
import type { Engine } from '../engine/engine';
import { textStructure } from '../analysis/textStructure';
import type {
  HeadSelection,
  OverviewAnswer,
  RegionParams,
  RowAnswer,
  StatisticsAnswer,
  TextStructure,
} from '../engine/protocol';
import type { Reading } from '../protocol';
import type { Tokenizer } from '../tokens/tokenizer';

export interface TextToken {
  id: number;
  /** As the vocabulary writes it. */
  text: string;
  /** UTF-16 code units of the analysed text, half-open; null for the template's tokens. */
  range: [start: number, end: number] | null;
}

/** Null is all, the mean unless `aggregate` says otherwise; without `reading` the weights are the model's own. */
export type Heads = Omit<HeadSelection, 'reading'> & { reading?: Reading };

export type Region = Heads & Omit<RegionParams, 'window' | 'reading'>;

export class AnalysedText {
  readonly #engine: Engine;
  readonly #window: string;
  readonly #structure: TextStructure;

  private constructor(
    /** The window's tokens, the template's included. */
    readonly tokens: readonly TextToken[],
    engine: Engine,
    window: string,
    text: string,
  ) {
    this.#engine = engine;
    this.#window = window;
    const place = (end: 0 | 1): Int32Array =>
      Int32Array.from(tokens, ({ range }) => range?.[end] ?? -1);
    this.#structure = textStructure({ starts: place(0), ends: place(1) }, text);
  }

  static async analyse(
    text: string,
    tokenizer: Tokenizer,
    engine: Engine,
    window: string,
    options: { signal?: AbortSignal },
  ): Promise<AnalysedText> {
    const tokens = tokenize(text, tokenizer);
    const ids = Int32Array.from(tokens, ({ id }) => id);
    const specialTokens = tokens.flatMap(({ range }, at) => (range ? [] : [at]));
    await engine.analyse({ window, ids, specialTokens }, options);
    return new AnalysedText(tokens, engine, window, text);
  }

  /** What a token reads: one weight per token, summing to 1, and the share that goes to the sink. */
  row(heads: Heads & { token: number }): Promise<RowAnswer> {
    return this.#engine.row(this.#here(heads));
  }

  /** Who reads a token: one weight per token, as they stand. */
  column(heads: Heads & { token: number }): Promise<RowAnswer> {
    return this.#engine.column(this.#here(heads));
  }

  /** A rectangle of the map, pooled to rows × columns: float32 [row, column]. */
  async region(region: Region): Promise<Float32Array> {
    return (await this.#engine.region(this.#here(region))).values;
  }

  /** Every head's whole map as size × size bytes, the brightest cell of each being 255. */
  overview(params: { size: number; reading?: Reading }): Promise<OverviewAnswer> {
    return this.#engine.overview(this.#here(params));
  }

  /** What each head does, by name: float32 [layer, head]. docs/protocol.md says what each is. */
  statistics(): Promise<StatisticsAnswer> {
    return this.#engine.statistics({ window: this.#window, structure: this.#structure });
  }

  /** Lets the engine's memory of this text go. */
  forget(): Promise<void> {
    return this.#engine.forget([this.#window]);
  }

  #here<P extends { reading?: Reading }>(params: P): P & { window: string; reading: Reading } {
    return { ...params, window: this.#window, reading: params.reading ?? 'raw' };
  }
}

function tokenize(text: string, tokenizer: Tokenizer): TextToken[] {
  const { ids, starts, ends } = tokenizer.encode(text);
  const named = (id: number, range: TextToken['range']): TextToken => ({
    id,
    text: tokenizer.tokenText(id),
    range,
  });
  return [
    ...tokenizer.template.before.map((id) => named(id, null)),
    ...Array.from(ids, (id, at) => named(id, [starts[at]!, ends[at]!])),
    ...tokenizer.template.after.map((id) => named(id, null)),
  ];
}
