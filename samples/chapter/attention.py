"""The textbook chapter's program, corrected so that it runs: attention with a
positional encoding over the numbers 1 to 5, in NumPy and nothing else.

Open "numbers.csv" beside it with the Chapter model in Attention Lens: the same
numbers, stage by stage. The stages have the chapter's names.
"""

import math

import numpy as np

NUMBERS = [1, 2, 3, 4, 5]
WIDTH = 8  # places a number is repeated in; even, because every sine has its cosine


def preprocess(numbers, width):
    """Token vectors, [token, width]: each number in every place."""
    return np.repeat(np.array(numbers, dtype=np.float64)[:, None], width, axis=1)


def positional_encoding(tokens, width):
    """PE, [token, width]: sin and cos of pos / 10000^(2j/width) in columns 2j and 2j + 1.

    The exponent is divided by the width. Without that, and in whole numbers, the
    power overflows 64 bits from column 16 on.
    """
    positions = np.arange(tokens)[:, None]
    columns = np.arange(0, width, 2)
    angles = positions / 10000.0 ** (columns / width)
    encoding = np.empty((tokens, width))
    encoding[:, 0::2] = np.sin(angles)
    encoding[:, 1::2] = np.cos(angles)
    return encoding


def similarity(query, key):
    """Every query with every key, [query, key]: a matrix product, not one element by element."""
    return query @ key.T / math.sqrt(key.shape[1])


def softmax(scores):
    """Weights, [query, key], each row summing to 1; the largest score is taken off first."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def uniform(count, seed):
    """Numbers in [0, 1) from the generator mulberry32, all at once: its state only counts up."""
    mask = np.uint64(0xFFFFFFFF)

    def times(a, b):
        return (a * b) & mask

    steps = np.arange(1, count + 1, dtype=np.uint64)
    state = (np.uint64(seed) + steps * np.uint64(0x6D2B79F5)) & mask
    mixed = times(state ^ (state >> np.uint64(15)), state | np.uint64(1))
    mixed ^= (mixed + times(mixed ^ (mixed >> np.uint64(7)), mixed | np.uint64(61))) & mask
    return (mixed ^ (mixed >> np.uint64(14))).astype(np.float64) / 2**32


def weight_matrix(rows, columns, seed):
    """Not trained: uniform in ±sqrt(6 / (rows + columns)), as single-precision numbers."""
    limit = math.sqrt(6 / (rows + columns))
    numbers = (2 * uniform(rows * columns, seed) - 1) * limit
    return numbers.astype(np.float32).astype(np.float64).reshape(rows, columns)


def gelu(x):
    """x times the share of a normal distribution below x."""
    share = np.vectorize(math.erf)(x / math.sqrt(2))
    return 0.5 * x * (1 + share)


def run(numbers=NUMBERS, width=WIDTH):
    """All stages by name."""
    vectors = preprocess(numbers, width)
    encoding = positional_encoding(len(numbers), width)
    input_new = vectors + encoding
    # The encoded sequence is query, key and value: there are no matrices to learn here.
    scores = similarity(input_new, input_new)
    weights = softmax(scores)
    context = weights @ input_new
    concatenation = np.concatenate([context, input_new], axis=1)
    hidden = gelu(concatenation @ weight_matrix(2 * width, width, seed=1))
    output = hidden @ weight_matrix(width, width, seed=2)
    return {
        "input": vectors,
        "encoding": encoding,
        "inputNew": input_new,
        "scaled": scores,
        "weights": weights,
        "context": context,
        "concatenation": concatenation,
        "hidden": hidden,
        "output": output,
    }


if __name__ == "__main__":
    np.set_printoptions(precision=4, suppress=True, linewidth=100)
    for stage, values in run().items():
        print(f"{stage} {list(values.shape)}")
        print(values)
