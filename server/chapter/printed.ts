/** Numbers as the chapter prints them; quoted to be compared with, never computed from elsewhere. */
export const PRINTED = {
  /** §4.1.5 */
  queries: [1, 2, 3, 4, 5],
  keys: [6, 7, 8, 9, 10],
  values: [11, 12, 13, 14, 15],
  /** §4.1.5: what d_k is taken to be. */
  keyWidth: 5,
  scaledScores: [2.18, 2.54, 2.9, 3.26, 3.62],
  output: 67.6,
  /** §3.2: the exponent of 10000 in the encoding is this times d, without the width. */
  exponentFactor: 2,
  /** §4.2.4 */
  encoding: [1e-8, 1],
  scale: 10,
  scaledEncoding: 1e-8,
  /** §4.3.3: what attention over [1.1 … 5.5] is assumed to give. */
  assumedAttention: [0.1, 0.2, 0.3, 0.4, 0.5],
  /** §5.2 */
  programWidth: 512,
  programTokens: 5,
} as const;
