/** What is asked of a graph's tensors: whole ones, or one index of one axis. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import type { NamedOutput } from './tensor';
import type { Slice, SliceParams } from './protocol';

/** Cuts an output as asked; fails with `badRequest` for an axis or index that it does not have. */
export function cut({ dims, data }: NamedOutput, { output, at }: SliceParams): Slice {
  if (!at) return { shape: dims.slice(1), values: data.slice() };
  const { axis, index } = at;
  const length = axis > 0 ? dims[axis] : undefined;
  if (length === undefined || !Number.isInteger(index) || index < 0 || index >= length) {
    throw new ChannelError(
      'badRequest',
      l10n.t(
        'The tensor "{0}" has the shape [{1}], so axis {2} has no {3}.',
        output,
        dims.join(', '),
        axis,
        index,
      ),
    );
  }
  const size = (axes: readonly number[]) => axes.reduce((product, each) => product * each, 1);
  const [outer, inner] = [size(dims.slice(0, axis)), size(dims.slice(axis + 1))];
  const values = new Float32Array(outer * inner);
  for (let row = 0; row < outer; row++) {
    const start = (row * length + index) * inner;
    values.set(data.subarray(start, start + inner), row * inner);
  }
  return { shape: [...dims.slice(1, axis), ...dims.slice(axis + 1)], values };
}
