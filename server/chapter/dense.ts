/** A linear layer in plain arithmetic. */

/**
 * input · weight + bias, row-major [row, columns of weight].
 * @param input [row, from]
 * @param weight [from, to]
 * @param bias [to]
 */
export function dense(
  input: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
): Float64Array {
  const to = bias.length;
  const from = weight.length / to;
  const rows = input.length / from;
  const output = new Float64Array(rows * to);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < to; column++) {
      let sum = bias[column]!;
      for (let index = 0; index < from; index++) {
        sum += input[row * from + index]! * weight[index * to + column]!;
      }
      output[row * to + column] = sum;
    }
  }
  return output;
}

/** Each row of `left` followed by the same row of `right`, [row, leftWidth + rightWidth]. */
export function joinColumns(
  left: Float64Array,
  leftWidth: number,
  right: Float64Array,
  rightWidth: number,
): Float64Array {
  const rows = left.length / leftWidth;
  const width = leftWidth + rightWidth;
  const joined = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    joined.set(left.subarray(row * leftWidth, (row + 1) * leftWidth), row * width);
    joined.set(right.subarray(row * rightWidth, (row + 1) * rightWidth), row * width + leftWidth);
  }
  return joined;
}
