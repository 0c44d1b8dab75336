import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { readPart, vocabularySchema } from '../readPart';
import { TokenizerError } from '../tokenizer';
import { Bpe } from './bpe';
import { MergeTable } from './mergeTable';
import type { Model } from './model';
import { unknownIdIn } from './unknownToken';
import { Vocabulary } from './vocabulary';

const schema = v.object({
  vocab: vocabularySchema,
  merges: v.custom<readonly unknown[]>(Array.isArray, 'an array'),
  dropout: v.nullish(v.number()),
  unk_token: v.nullish(v.string()),
  continuing_subword_prefix: v.nullish(v.string()),
  end_of_word_suffix: v.nullish(v.string()),
  fuse_unk: v.nullish(v.boolean()),
  byte_fallback: v.nullish(v.boolean()),
  ignore_merges: v.nullish(v.boolean()),
});

/** A BPE model as tokenizer.json describes it. */
export function readBpe(part: unknown): Model {
  const options = readPart(schema, part, 'model');
  if (options.dropout) {
    throw new TokenizerError(
      l10n.t(
        'The tokenizer.json drops merges at random (dropout {0}), so that a text has no fixed tokens. Set "dropout" to null in a copy of the model.',
        options.dropout,
      ),
    );
  }
  const vocabulary = new Vocabulary(options.vocab);
  const prefix = options.continuing_subword_prefix ?? '';
  const unknown = options.unk_token ?? null;
  return new Bpe(vocabulary, mergesOf(options.merges, vocabulary, prefix), {
    unknownId: unknown === null ? null : unknownIdIn(vocabulary, unknown),
    fuseUnknown: options.fuse_unk ?? false,
    byteFallback: options.byte_fallback ?? false,
    ignoreMerges: options.ignore_merges ?? false,
    continuingPrefix: prefix,
    endOfWordSuffix: options.end_of_word_suffix ?? '',
  });
}

function mergesOf(
  merges: readonly unknown[],
  vocabulary: Vocabulary,
  continuingPrefix: string,
): MergeTable {
  const table = new MergeTable(merges.length);
  let rank = 0;
  for (const merge of merges) {
    if (typeof merge === 'string' && merge.startsWith('#version')) continue;
    const [first, second] = pairOf(merge);
    const ids = [first, second, first + second.slice(continuingPrefix.length)].map((token) => {
      const id = vocabulary.idOf(token);
      if (id === undefined) refuseToken(token);
      return id;
    });
    table.add(ids[0]!, ids[1]!, rank++, ids[2]!);
  }
  return table;
}

/** Older files write a merge as one text with a space in it. */
function pairOf(merge: unknown): readonly [string, string] {
  const parts: unknown = typeof merge === 'string' ? merge.split(' ') : merge;
  if (Array.isArray(parts) && parts.length === 2) {
    const [first, second] = parts as unknown[];
    if (typeof first === 'string' && typeof second === 'string') return [first, second];
  }
  throw new TokenizerError(
    l10n.t(
      'The tokenizer.json has a merge that is not two tokens: {0}. Get the file again from where the model comes from.',
      String(JSON.stringify(merge)).slice(0, 60),
    ),
  );
}

function refuseToken(token: string): never {
  throw new TokenizerError(
    l10n.t(
      'The merges of the tokenizer.json use "{0}", but the vocabulary lacks it. Get the file again from where the model comes from.',
      token.slice(0, 60),
    ),
  );
}
