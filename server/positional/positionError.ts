/** What a request about positions got wrong; code decides on it, a person reads the message. */
export type PositionErrorReason =
  | 'width'
  | 'scale'
  | 'base'
  | 'factor'
  | 'length'
  | 'slopes'
  | 'heads'
  | 'position'
  | 'scheme'
  | 'shape';

/** A width, scale, base or position outside of what a formula allows, in one sentence. */
export class PositionError extends RangeError {
  constructor(
    readonly reason: PositionErrorReason,
    message: string,
  ) {
    super(message);
    this.name = 'PositionError';
  }
}
