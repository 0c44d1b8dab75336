import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { readPart } from '../readPart';
import { TokenizerError } from '../tokenizer';
import type { Model } from './model';
import { Unigram } from './unigram';

type Entry = readonly [token: string, score: number];

const schema = v.object({
  vocab: v.custom<readonly Entry[]>(isVocabulary, 'an array of tokens and scores'),
  unk_id: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0))),
  byte_fallback: v.nullish(v.boolean(), false),
});

/** A Unigram model as tokenizer.json describes it. */
export function readUnigram(part: unknown): Model {
  const options = readPart(schema, part, 'model');
  const unknownId = options.unk_id ?? -1;
  if (unknownId < 0 || unknownId >= options.vocab.length) {
    throw new TokenizerError(
      l10n.t(
        'The tokenizer.json does not say which token stands for unknown text. Get the file again from where the model comes from.',
      ),
    );
  }
  const entries = options.vocab.map(([token, score]): Entry => [token, asReferenceReads(score)]);
  return new Unigram(entries, { unknownId, byteFallback: options.byte_fallback ?? false });
}

function isVocabulary(value: unknown): boolean {
  return Array.isArray(value) && value.every(isEntry);
}

function isEntry(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [token, score] = value as unknown[];
  if (typeof token !== 'string' || /\p{Surrogate}/u.test(token)) return false;
  return typeof score === 'number' && Number.isFinite(score);
}

/**
 * The reference reads a decimal number as its digits divided by a power of ten, which
 * can be one bit off. Where two ways to take a word apart are equally likely, that bit
 * decides.
 */
function asReferenceReads(score: number): number {
  const [, sign, whole, fraction] = /^(-?)(\d+)\.(\d+)$/.exec(String(score)) ?? [];
  if (fraction === undefined) return score;
  const value = Number(`${whole}${fraction}`) / Number(`1e${fraction.length}`);
  return sign === '-' ? -value : value;
}
