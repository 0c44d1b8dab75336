/** A regular expression that cannot be used. `found` is the part of it that is to blame. */
export class RegexError extends Error {
  constructor(readonly found: string) {
    super(found);
    this.name = 'RegexError';
  }
}

/** A search that takes more steps than a sound pattern ever does. */
export class RegexLimitError extends Error {
  constructor() {
    super('step limit');
    this.name = 'RegexLimitError';
  }
}
