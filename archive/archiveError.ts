/**
 * Why an archive is not read. `notAnArchive`: it is something else. `truncated`: its end is missing.
 * `unsupported`: encrypted, split, of another compression or larger than 4 GB. `unsafeName`: an entry
 * with a folder, a path or odd characters in its name. `duplicate`: two entries of one name.
 * `tooLarge`: more, or larger, than the reader takes. `damaged`: all else.
 */
export type ArchiveReason =
  | 'notAnArchive'
  | 'truncated'
  | 'unsupported'
  | 'unsafeName'
  | 'duplicate'
  | 'tooLarge'
  | 'damaged';

/** An archive that is not read; `entry` is the name of the entry at fault, where there is one. */
export class ArchiveError extends Error {
  constructor(
    readonly reason: ArchiveReason,
    readonly entry: string | null = null,
  ) {
    super(`The archive is not read: ${reason}`);
    this.name = 'ArchiveError';
  }
}
