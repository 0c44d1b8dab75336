/** A document of numbers as the analysis sees it: one window in which each number is a token. */
import { MAX_NUMBERS, type NumberDocument } from '../chapter/numberDocument';
import { runNumberDocument } from '../chapter/numberPipeline';
import { chapterInputs } from '../chapter/model';
import { numberScheme } from '../chapter/scheme';
import { chapterScoreRule } from '../chapter/scoreRule';
import type { GiveParams } from '../engine/protocol';
import { encodingModes } from '../models/encodingModes';
import type { PositionInputs } from '../positional/positionChanges';
import type { EncodingChange, Model } from '../protocol';
import { contentKey, type WindowContent } from './windowContent';
import type { WindowTokens } from './windowTokens';

/** Ids count the numbers; each is a word of its own. */
export function numberWindow({ tokens }: NumberDocument): WindowTokens {
  const numbered = Int32Array.from(tokens.keys());
  return {
    index: 0,
    ids: numbered,
    starts: Int32Array.from(tokens, ({ start }) => start),
    ends: Int32Array.from(tokens, ({ end }) => end),
    words: numbered,
    specialTokens: [],
  };
}

/** The Chapter model with the heads, width and encoding that the document asks for. */
export function numberModel(model: Model, document: NumberDocument): Model {
  const { settings, width, tokens, encodingRow } = document;
  const position = numberScheme(document);
  return {
    ...model,
    heads: settings.heads,
    keyValueHeads: settings.heads,
    width,
    contextLength: encodingRow ? tokens.length : MAX_NUMBERS,
    causal: settings.causal,
    position,
    encodingModes: encodingModes({ position, inputs: chapterInputs(settings) }),
  };
}

/** What the engine is given instead of a pass: float32 of the plain pipeline's queries, keys and values. */
function givenVectors(
  document: NumberDocument,
  inputs: PositionInputs,
): Omit<GiveParams, 'window'> {
  const { settings, width, tokens, keyWidth } = document;
  const { heads } = settings;
  const tensors = runNumberDocument(document, settings, inputs);
  const [query, key, value] = [tensors.query, tensors.key, tensors.value].map((vectors) =>
    Float32Array.from(vectors),
  ) as [Float32Array, Float32Array, Float32Array];
  return {
    tokens: tokens.length,
    specialTokens: [],
    heads,
    keyValueHeads: heads,
    headSize: width / heads,
    score: chapterScoreRule(settings, width, keyWidth ?? undefined),
    positions: inputs.positionIds,
    positionScale: inputs.positionScale,
    slopes: inputs.slopes,
    layers: [{ query, key, value }],
  };
}

/** What the numbers of a document are told apart by: its whole text, which says all they depend on. */
export function numbersBase(text: string): string {
  return `numbers:${text}`;
}

/** The numbers' queries, keys and values; `text` is the whole document. */
export function numberContent(
  document: NumberDocument,
  text: string,
  change: EncodingChange | null,
  inputs: PositionInputs,
): WindowContent {
  const base = numbersBase(text);
  return {
    key: contentKey(base, change),
    base,
    tokens: document.tokens.length,
    analyse: (engine, window, options) =>
      engine.give({ window, ...givenVectors(document, inputs) }, options),
  };
}
