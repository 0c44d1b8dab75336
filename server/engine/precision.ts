/** In which precision windows keep their queries, keys and values. */

/**
 * Longer windows keep their tensors in float16, which moves the weights of a row by
 * 5e-3 at most where scores are those of trained models.
 */
export const FLOAT32_TOKENS = 1024;
