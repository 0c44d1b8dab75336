/** Operators that are whole parts of a transformer: the shapes of what they give. */
import { ElementType } from '../../schema';
import { integerOf } from '../node';
import { shaped, type Call, type Known, type Operator } from './value';

/** By name. */
export const BLOCKS: { readonly [operator: string]: Operator } = {
  EmbedLayerNormalization: embedding,
  /** com.microsoft: hidden states and one matrix for all three; ONNX: queries, keys, values. */
  Attention: (call) => (call.node.domain === '' ? plainAttention(call) : fusedAttention(call)),
  MultiHeadAttention: ({ node, inputs: [query, key, value] }) => {
    if (query?.dims?.length !== 3) return [shaped(query?.type, undefined)];
    const width = value?.dims?.length === 3 ? value.dims[2]! : widthOf(value, query.dims[2]!);
    const shape = [query.dims[0]!, query.dims[1]!, width];
    const heads = integerOf(node, 'num_heads') ?? 1;
    const sources = key?.dims?.[key.dims.length === 4 ? 2 : 1];
    const stored = sources === undefined ? undefined : [1, heads, sources, width / heads];
    return [shaped(query.type, shape), shaped(query.type, stored), shaped(query.type, stored)];
  },
  GroupQueryAttention: groupedAttention,
};

/** Hidden states, and how many tokens are no padding. */
function embedding({ inputs: [ids, , table, , , , , mask] }: Call): Known[] {
  const dims = ids?.dims && table?.dims && [...ids.dims, table.dims[1] ?? 0];
  const count = mask?.data && Float64Array.of(mask.data.filter((value) => value !== 0).length);
  return [
    shaped(table?.type ?? ElementType.float32, dims),
    { type: ElementType.int32, dims: [1], data: count },
  ];
}

function widthOf(value: Known | undefined, otherwise: number): number {
  const dims = value?.dims;
  return dims?.length === 4 ? dims[1]! * dims[3]! : otherwise;
}

function fusedAttention({ inputs: [input, weight] }: Call): Known[] {
  const width = weight?.dims?.[1];
  if (!input?.dims || width === undefined) return [shaped(input?.type, undefined)];
  return [shaped(input.type, [...input.dims.slice(0, -1), width / 3])];
}

function plainAttention({ node, inputs: [query, key, value] }: Call): Known[] {
  const type = query?.type;
  if (!query?.dims || !value?.dims) return [shaped(type, undefined)];
  const heads = integerOf(node, 'kv_num_heads') ?? 1;
  if (query.dims.length === 4) {
    const dims = [...query.dims.slice(0, 3), value.dims[3] ?? 0];
    return [shaped(type, dims), shaped(type, key?.dims), shaped(type, value.dims)];
  }
  const perHead = (value.dims[2] ?? 0) / heads;
  const width = (integerOf(node, 'q_num_heads') ?? 1) * perHead;
  const stored = (dims: readonly number[] | undefined) =>
    dims && [dims[0]!, heads, dims[1]!, (dims[2] ?? 0) / heads];
  return [
    shaped(type, [...query.dims.slice(0, 2), width]),
    shaped(type, stored(key?.dims)),
    shaped(type, stored(value.dims)),
  ];
}

function groupedAttention({ node, inputs: [query, key] }: Call): Known[] {
  const [heads, groups] = [integerOf(node, 'num_heads') ?? 1, integerOf(node, 'kv_num_heads') ?? 1];
  if (query?.dims?.length !== 3) return [shaped(query?.type, undefined)];
  const [batch, tokens, width] = query.dims as [number, number, number];
  const size = key?.dims ? width / heads : width / (heads + 2 * groups);
  const stored = shaped(query.type, [batch, groups, tokens, size]);
  return [shaped(query.type, [batch, tokens, heads * size]), stored, stored];
}
