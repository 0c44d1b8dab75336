/** Why nothing was downloaded, as the protocol names it. */
export type DownloadFailure = 'consentRequired' | 'downloadFailed' | 'modelInUse';

/** A download that did not come about; the message is one sentence for a person. */
export class DownloadError extends Error {
  constructor(
    readonly reason: DownloadFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DownloadError';
  }
}
