/** Why a model cannot be used, as the protocol names it. */
export type ModelFailure =
  | 'modelMissing'
  | 'modelRefused'
  | 'modelNotSupported'
  | 'severalCandidates'
  | 'cannotReadFiles'
  | 'consentRequired'
  | 'downloadFailed';

/** A model that cannot be used; the message is one sentence for a person. */
export class ModelError extends Error {
  constructor(
    readonly reason: ModelFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ModelError';
  }
}
