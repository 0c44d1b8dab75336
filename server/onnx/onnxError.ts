/** Files we cannot build a graph from; the message is one sentence for a person. */
export class OnnxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OnnxError';
  }
}

/** A whole graph without attention that could be shown. */
export class NothingToShow extends OnnxError {}
