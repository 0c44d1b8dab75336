/** `settings`: controls that do not go together. `numbers`: a document of numbers that can't be read. */
export type ChapterErrorReason = 'settings' | 'numbers';

/** What the Chapter model can't be computed from, in one sentence. */
export class ChapterError extends Error {
  constructor(
    readonly reason: ChapterErrorReason,
    message: string,
  ) {
    super(message);
    this.name = 'ChapterError';
  }
}
