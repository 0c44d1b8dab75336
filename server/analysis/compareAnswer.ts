/** Two windows side by side: which of their tokens are the same, and how far each head's rows are apart. */
import * as l10n from '@vscode/l10n';
import type { CompareParams, CompareResult } from '../protocol';
import { align, alignmentKeys, type AlignmentKeys } from './alignment';
import { about, contentOf, type Question, type Subject } from './answer';
import { ContentModified, RequestFailed } from './errors';
import { encodeNumbers } from './numbers';

/** `other`: the window that is compared with, of the same model. */
export function compareQuestion(
  params: CompareParams,
  other: Subject,
  signal: AbortSignal,
): Question<CompareResult> {
  return (subject) => {
    const { layers, heads } = subject.model;
    // Another model came meanwhile: its tokens are others.
    if (other.ready !== subject.ready) throw new ContentModified();
    if (other.model.layers !== layers || other.model.heads !== heads) throw otherHeads();
    const contents = [
      contentOf(subject, params.encoding ?? null),
      contentOf(other, params.other.encoding ?? null),
    ];
    const { tokens, others } = align(keysOf(subject), keysOf(other));
    const answer = async ([window = '', second = '']: string[]): Promise<CompareResult> => {
      const { engine } = subject.ready;
      const asked = { window, other: second, pairs: { tokens, others } };
      const { totalVariation, unaligned } = await engine.compare(asked, { signal });
      const { version, window: place } = about(other);
      return {
        ...about(subject),
        other: { version, window: place, tokens: other.window.ids.length },
        tokens: subject.window.ids.length,
        pairs: Array.from(tokens, (token, at) => [token, others[at] ?? 0]),
        layers,
        heads,
        totalVariation: encodeNumbers(totalVariation),
        unaligned: encodeNumbers(unaligned),
      };
    };
    return { contents, answer };
  };
}

function keysOf({ window, tokenText, numbers }: Subject): AlignmentKeys {
  const tokens = Array.from(window.ids, (id) => ({ id, text: tokenText(id) }));
  return alignmentKeys(tokens, numbers !== null);
}

function otherHeads(): RequestFailed {
  return new RequestFailed(
    'notInThisModel',
    l10n.t(
      'The two documents are read by different numbers of heads, so that their heads cannot be compared one by one. Compare documents that the same model reads.',
    ),
  );
}
