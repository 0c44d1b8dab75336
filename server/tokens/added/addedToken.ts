/** A token that is looked for in the text itself, before the text is split into words. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Matches only where no word character touches it. */
  readonly singleWord: boolean;
  /** Takes the whitespace on its left into its range. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** Whether it is looked for in the normalized text instead of the text as written. */
  readonly normalized: boolean;
  readonly special: boolean;
}
