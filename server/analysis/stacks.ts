/** A model as one kind of its attention has it, and what a question about two texts is asked of. */
import * as l10n from '@vscode/l10n';
import { stackOf, type ModelManifest } from '../models/manifest';
import type { Model, Position, Stack } from '../protocol';
import type { Tokenizer } from '../tokens/tokenizer';
import { InvalidParams, RequestFailed } from './errors';
import type { OpenDocument } from './openDocument';
import type { WindowTokens } from './windowTokens';

/** The kinds that take two texts. */
export type PairStack = Exclude<Stack, 'encoder'>;

/** What a question is asked of: a place in one text, or in the decoder's beside the encoder's. */
export interface Place {
  position?: Position;
  pair?: { stack: PairStack; source: OpenDocument; position?: Position };
}

/** The encoder's text, where the document is the decoder's. */
export interface SourceText {
  document: OpenDocument;
  version: number;
  window: WindowTokens;
  windowCount: number | null;
  /** UTF-16 offset of the position asked about in it. */
  offset: number | undefined;
}

/**
 * The model as its layers and heads of a kind are; position cannot be changed but in an
 * encoder. Throws {@link RequestFailed} `notInThisModel` where it has no decoder.
 */
export function modelOfStack(model: Model, stack: Stack = 'encoder'): Model {
  if (stack === 'encoder') return model;
  const { decoder } = model;
  if (!decoder) throw noDecoder();
  const own = { ...model, ...decoder, windows: undefined, leftOut: undefined, encodingModes: [] };
  return stack === 'decoder'
    ? { ...own, causal: true }
    : { ...own, causal: false, position: { kind: 'none' } };
}

/**
 * With as many layers and heads as any kind of its attention has: what a selection may name, of which
 * each document shows what its kind has. Throws as {@link modelOfStack} for a kind that it has not.
 */
export function modelOfAnyStack(model: Model, stack: Stack | undefined): Model {
  const { decoder } = model;
  if (!decoder) return modelOfStack(model, stack);
  const layers = Math.max(model.layers, decoder.layers);
  return { ...model, layers, heads: Math.max(model.heads, decoder.heads) };
}

/** Reads a text as the decoder does: its first token before it, and no end. */
export function decoderTokenizer(
  tokenizer: Tokenizer,
  { decoder }: Pick<ModelManifest, 'decoder'>,
): Tokenizer {
  if (!decoder) throw noDecoder();
  const before = [decoder.startToken, ...tokenizer.template.before];
  return {
    vocabularySize: tokenizer.vocabularySize,
    template: { before, after: [] },
    encode: (text) => tokenizer.encode(text),
    tokenText: (id) => tokenizer.tokenText(id),
    lastCut: (text, from, to) => tokenizer.lastCut(text, from, to),
  };
}

/** Whether W_O is known of every layer of a kind. */
export function weighsValues(manifest: ModelManifest, stack: Stack = 'encoder'): boolean {
  return (stackOf(manifest, stack)?.taps ?? []).every(({ output }) => output !== undefined);
}

function noDecoder(): RequestFailed {
  return new RequestFailed(
    'notInThisModel',
    l10n.t(
      'This model reads one text: it has no decoder. Choose an encoder–decoder such as T5 or BART.',
    ),
  );
}

/** Throws {@link InvalidParams} where the encoder's text is gone. */
export function requireOpen({ closed }: OpenDocument): void {
  if (closed) throw noSource();
}

export function noSource(): InvalidParams {
  return new InvalidParams(
    'source',
    l10n.t(
      'The decoder of this model reads a source text too: set one that is open, by "source" or "attentionLens/setSource".',
    ),
  );
}

/** Between two texts nothing is near or far, and no layer reads what another gave. */
export function withinOneText(stack: Stack, what: string): void {
  if (stack === 'cross')
    throw new RequestFailed(
      'notInThisModel',
      l10n.t(
        '{0} are defined within one text only, not from one to another: choose the encoder’s or the decoder’s own attention.',
        what,
      ),
    );
}

export function ofWholeDocument(): RequestFailed {
  return new RequestFailed(
    'notYet',
    l10n.t(
      'Statistics of a whole document are those of the encoder; ask for a window of the decoder’s text.',
    ),
  );
}
