import type { ArchiveError } from '../../archive/archiveError';
import { type ArchiveReason } from '../../archive/archiveError';
import type { Translate } from '../translate';

/**
 * Why a bundle is not opened. Beside those of archives: `newerVersion`: a later version of the format;
 * `incomplete`: a part is missing; `badManifest`, `badText`, `badTokens`, `badNumbers`: what a part
 * says makes no sense.
 */
export type BundleReason =
  | ArchiveReason
  | 'newerVersion'
  | 'incomplete'
  | 'badManifest'
  | 'badText'
  | 'badTokens'
  | 'badNumbers';

/** A bundle that is not opened; `detail` names the part, the field or the version. */
export class BundleError extends Error {
  constructor(
    readonly reason: BundleReason,
    readonly detail: string = '',
  ) {
    super(`The bundle is not opened: ${reason}`);
    this.name = 'BundleError';
  }

  static of(error: ArchiveError): BundleError {
    return new BundleError(error.reason, error.entry ?? '');
  }
}

/** Longest quotation of what a stranger wrote. */
const LONGEST = 60;

/** One sentence for the person: what is wrong, and what to do. */
export function bundleSentence({ reason, detail }: BundleError, translate: Translate): string {
  const quoted = quotable(detail);
  switch (reason) {
    case 'notAnArchive':
      return translate('This is no bundle of Attention Lens: the file is no zip archive.');
    case 'truncated':
      return translate('The end of the bundle is missing; get the whole file and open it again.');
    case 'unsupported':
      return translate(
        'The bundle is packed in a way that bundles never are (encrypted, split or larger than 4 GB); it was not opened.',
      );
    case 'unsafeName':
      return translate(
        'The bundle has a part named “{0}”, which could be a place outside of it; it was not opened.',
        quoted,
      );
    case 'duplicate':
      return translate('The bundle has two parts named “{0}”; it was not opened.', quoted);
    case 'tooLarge':
      return translate(
        'The bundle would unpack to more than {0} MB, which none does that was saved here; it was not opened.',
        MOST_UNPACKED / 2 ** 20,
      );
    case 'damaged':
      return translate(
        'The bundle is damaged (“{0}”); get the file again from where it comes.',
        quoted,
      );
    case 'newerVersion':
      return translate(
        'The bundle is of version {0}, newer than this version of Attention Lens reads; update the extension.',
        quoted,
      );
    case 'incomplete':
      return translate('The bundle lacks its part “{0}”; it was not opened.', quoted);
    case 'badManifest':
      return translate(
        'What the bundle says of itself makes no sense (“{0}”); it was not opened.',
        quoted,
      );
    case 'badText':
      return translate('The bundle’s text is not UTF-8; it was not opened.');
    case 'badTokens':
      return translate('The bundle’s tokens do not fit its text ({0}); it was not opened.', quoted);
    case 'badNumbers':
      return translate('The bundle’s numbers are no attention ({0}); it was not opened.', quoted);
  }
}

/** All parts of a bundle together, unpacked. */
export const MOST_UNPACKED = 2 ** 28;

/** What a stranger wrote as a message may show it: one line, cut, and nothing that makes a link. */
export function quotable(text: string): string {
  const plain = [...text.slice(0, LONGEST)].map((letter) =>
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}[\]()<>`$]/u.test(letter) ? '·' : letter,
  );
  return `${plain.join('')}${text.length > LONGEST ? '…' : ''}`;
}
