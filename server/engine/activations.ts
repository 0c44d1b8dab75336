/** Queries, keys and values as they come from a graph: the right shape, and numbers. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import type { NamedOutput } from './tensor';

/** The output's numbers. Fails with `modelRefused` where its shape is not `dims`, [1, head, …], or a number is none. */
export function activation(
  outputs: ReadonlyMap<string, NamedOutput>,
  name: string,
  layer: number,
  dims: readonly number[],
): Float32Array {
  const output = outputs.get(name);
  if (!output || output.dims.join() !== dims.join()) {
    throw new ChannelError(
      'modelRefused',
      l10n.t(
        'Layer {0} of the model is not as its manifest says: "{1}" has the shape [{2}] instead of [{3}].',
        layer,
        name,
        output?.dims.join(', ') ?? '',
        dims.join(', '),
      ),
    );
  }
  const head = nonFiniteHead(output.data, dims[1]!);
  if (head >= 0) {
    throw new ChannelError(
      'modelRefused',
      l10n.t(
        'The model computes a value that is not a number in layer {0}, head {1}; its weights are damaged or do not suit this runtime.',
        layer,
        head,
      ),
    );
  }
  return output.data;
}

/** The first head that holds NaN or an infinity, or −1; `values` is [head, …]. */
export function nonFiniteHead(values: Float32Array, heads: number): number {
  const size = values.length / heads;
  for (let head = 0; head < heads; head++) {
    // 0 times anything finite is 0; times NaN or an infinity it is NaN.
    let zero = 0;
    for (let at = head * size; at < (head + 1) * size; at++) zero += values[at]! * 0;
    if (zero !== 0) return head;
  }
  return -1;
}
