import * as l10n from '@vscode/l10n';
import { splitAdded, type AddedVocabulary } from './added/addedVocabulary';
import { CutFinder } from './cutFinder';
import { EncodingBuilder } from './encodingBuilder';
import type { Model } from './models/model';
import type { Normalizer } from './normalizers/normalizer';
import { SpaceTrimmer } from './postProcessors/spaceTrimmer';
import type { Template } from './postProcessors/template';
import type { PreTokenizer } from './preTokenizers/preTokenizer';
import type { Encoding, Tokenizer } from './tokenizer';
import { pieceText, sliceTraced, trace, type Piece, type TracedText } from './tracedText';
import { WordCache } from './wordCache';

/** The stages of a tokenizer, in the order in which they work. */
export interface Stages {
  added: AddedVocabulary;
  normalizer: Normalizer;
  preTokenizer: PreTokenizer;
  model: Model;
  template: Template;
}

/** What SentencePiece writes for a space. */
const SPACE_MARK = '\u2581';

/** Units of text per token in ordinary text, low enough that buffers seldom grow. */
const UNITS_PER_TOKEN = 3;

/** added tokens → normalizer → added tokens → pre-tokenizer → model → post-processor. */
export class Pipeline implements Tokenizer {
  readonly vocabularySize: number;
  readonly template: Tokenizer['template'];
  private readonly cache: WordCache;
  private readonly cuts: CutFinder;
  private readonly trimmer: SpaceTrimmer;
  /** Whether whole texts can be one piece; then the marks of spaces start words. */
  private readonly keepsWhole: boolean;

  constructor(private readonly stages: Stages) {
    const { added, model, template } = stages;
    this.vocabularySize = Math.max(model.size, added.size);
    this.template = { before: template.before, after: template.after };
    this.cache = new WordCache(model);
    this.cuts = new CutFinder(stages);
    this.keepsWhole = !['behindWhitespace', 'beforeSpace'].includes(stages.preTokenizer.cut);
    this.trimmer = new SpaceTrimmer(
      template.trims,
      (id) => this.tokenText(id),
      (id) => added.textOf(id) !== undefined,
    );
  }

  encode(text: string): Encoding {
    const out = new EncodingBuilder(Math.ceil(text.length / UNITS_PER_TOKEN));
    const source = trace(text);
    for (const { token, from, to } of splitAdded(this.stages.added.asWritten, source.text)) {
      if (token) this.emitAdded(out, token.id, { of: source, from, to });
      else this.encodeSection(out, sliceTraced(source, from, to));
    }
    const encoding = out.finish();
    this.trimmer.apply(encoding, source.text);
    return encoding;
  }

  tokenText(id: number): string {
    const text = this.stages.added.textOf(id) ?? this.stages.model.textOf(id);
    if (text === undefined) throw new RangeError(l10n.t('There is no token with the id {0}.', id));
    return text;
  }

  lastCut(text: string, from: number, to: number): number {
    return this.cuts.lastCut(text, from, to);
  }

  private encodeSection(out: EncodingBuilder, section: TracedText): void {
    const normal = this.stages.normalizer.normalize(section);
    for (const { token, from, to } of splitAdded(this.stages.added.normalized, normal.text)) {
      const piece = { of: normal, from, to };
      if (token) this.emitAdded(out, token.id, piece);
      else for (const word of this.stages.preTokenizer.split(piece)) this.emitWord(out, word);
    }
  }

  private emitAdded(out: EncodingBuilder, id: number, { of, from, to }: Piece): void {
    out.nextWord();
    out.push(id, of.starts[from]!, of.ends[to - 1]!);
  }

  private emitWord(out: EncodingBuilder, word: Piece): void {
    const { of, from } = word;
    const text = pieceText(word);
    const tokens = this.cache.tokenize(text);
    const marked = this.keepsWhole && text.indexOf(SPACE_MARK, 1) > 0;
    out.nextWord();
    for (let at = 0; at < tokens.length; at += 3) {
      if (marked && at > 0 && text.charAt(tokens[at + 1]!) === SPACE_MARK) out.nextWord();
      out.push(
        tokens[at]!,
        of.starts[from + tokens[at + 1]!]!,
        of.ends[from + tokens[at + 2]! - 1]!,
      );
    }
  }
}
