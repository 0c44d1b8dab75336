/** Whether a tokenizer and a model belong together. */
import * as l10n from '@vscode/l10n';
import type { Tokenizer } from '../tokens/tokenizer';
import type { ModelManifest } from './manifest';
import { ModelError } from './modelError';

/** Throws ModelError where the tokenizer has ids that the model has no embedding for. */
export function requireVocabulary(
  { vocabulary }: ModelManifest,
  { vocabularySize }: Tokenizer,
): void {
  if (vocabulary === undefined || vocabularySize <= vocabulary) return;
  throw new ModelError(
    'modelRefused',
    l10n.t(
      'The tokenizer has {0} tokens, but the model has embeddings for {1} only: the two do not belong together.',
      vocabularySize,
      vocabulary,
    ),
  );
}
