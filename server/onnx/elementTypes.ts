/** Which element type a value inside a graph has, as far as that follows from the nodes. */
import { tensorType, valueType, type GraphParts, type NodePart } from './graphParts';
import { fieldsOf, textOf } from './readWire';
import { Attribute, ElementType, Graph } from './schema';

/** Operators whose output has the element type of their first input. */
const LIKE_FIRST = new Set(
  (
    'Abs Add AveragePool BatchNormalization BiasGelu Ceil Clip Concat Conv Cos Div Dropout Einsum Elu ' +
    'Erf Exp Expand FastGelu Flatten Floor FusedMatMul Gather GatherElements GatherND Gelu Gemm ' +
    'HardSigmoid HardSwish Identity LayerNormalization LeakyRelu Log MatMul Max Min Mish Mul Neg ' +
    'Pad Pow RMSNormalization Range Reciprocal ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ' +
    'Relu Reshape RotaryEmbedding Round ScatterElements ScatterND Sigmoid Sign ' +
    'SimplifiedLayerNormalization Sin SkipLayerNormalization Slice Softmax Softplus Split Sqrt ' +
    'Squeeze Sub Sum Swish Tan Tanh Tile Transpose Trilu Unsqueeze'
  ).split(' '),
);
const INTEGERS = new Set(['ArgMax', 'ArgMin', 'NonZero', 'Shape', 'Size']);
const TRUTH = new Set(
  'And Equal Greater GreaterOrEqual IsInf IsNaN Less LessOrEqual Not Or Xor'.split(' '),
);

/** Operators with a body, and which of the body's outputs is their first: a loop's says whether it goes on. */
const FIRST_OUTPUT: { readonly [operator: string]: number } = { If: 0, Loop: 1, Scan: 0 };

/** Looks element types up by name: as in `TensorProto.DataType`, undefined where nothing is known. */
export function elementTypes({
  nodes,
  initializers,
  inputs,
  outputs,
  inside,
}: GraphParts): (name: string) => number | undefined {
  const makers = new Map(
    nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)),
  );
  const known = new Map<string, number | undefined>();
  const typeOf = (name: string): number | undefined => {
    if (known.has(name)) return known.get(name);
    const declared = [initializers, inputs, outputs, inside].map((each) => each.get(name));
    const said = declared.find((each) => each?.elementType !== undefined)?.elementType;
    const maker = makers.get(name);
    const type = said ?? (maker && typeMadeBy(maker, name, typeOf));
    known.set(name, type);
    return type;
  };
  // In the nodes' order, so that no chain of nodes is walked down in one go.
  for (const node of nodes) node.outputs.forEach(typeOf);
  return typeOf;
}

function typeMadeBy(
  { operator, inputs, outputs, attributes }: NodePart,
  name: string,
  typeOf: (name: string) => number | undefined,
): number | undefined {
  if (LIKE_FIRST.has(operator)) return inputs[0] === undefined ? undefined : typeOf(inputs[0]);
  if (INTEGERS.has(operator)) return ElementType.int64;
  if (TRUTH.has(operator)) return ElementType.bool;
  if (operator === 'Where') return inputs[1] === undefined ? undefined : typeOf(inputs[1]);
  if (operator === 'Cast') return integerAttribute(attributes, 'to');
  if (operator === 'Constant' || operator === 'ConstantOfShape') return tensorAttribute(attributes);
  if (operator in FIRST_OUTPUT) {
    return bodyTypes(attributes)[outputs.indexOf(name) + FIRST_OUTPUT[operator]!];
  }
  return undefined;
}

/** Element types of the outputs of the first graph among the attributes. */
function bodyTypes(attributes: NodePart['attributes']): (number | undefined)[] {
  for (const { bytes } of attributes) {
    for (const { number, bytes: body } of fieldsOf(bytes)) {
      if (number !== Attribute.graph) continue;
      const outputs = [...fieldsOf(body)].filter((field) => field.number === Graph.output);
      return outputs.map((output) => valueType(output.bytes));
    }
  }
  return [];
}

function integerAttribute(attributes: NodePart['attributes'], name: string): number | undefined {
  for (const { bytes } of attributes) {
    const fields = [...fieldsOf(bytes)];
    if (!fields.some((field) => field.number === Attribute.name && textOf(field) === name))
      continue;
    const value = fields.find(({ number }) => number === Attribute.integer);
    return value && Number(value.integer);
  }
  return undefined;
}

/** Of the only tensor among the attributes. */
function tensorAttribute(attributes: NodePart['attributes']): number | undefined {
  for (const { bytes } of attributes) {
    for (const field of fieldsOf(bytes)) {
      if (field.number === Attribute.tensor) return tensorType(field.bytes);
    }
  }
  return undefined;
}
