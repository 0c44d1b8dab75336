/**
 * How far numbers about position may go. Beyond these, angles, wavelengths or sums leave
 * what 32-bit floating point tells apart, and pictures would be of rounding errors.
 */

/** Of an encoding, of RoPE's angles, of ALiBi's slopes; scales are above 0. */
export const LARGEST_SCALE = 1000;

export const LEAST_BASE = 1e-3;
export const LARGEST_BASE = 1e15;

/** Factors of an interpolation begin at 1. */
export const LARGEST_FACTOR = 1e6;

/** Positions that a model was trained on. */
export const LARGEST_LENGTH = 1e9;

export const LARGEST_SLOPE = 1e6;
