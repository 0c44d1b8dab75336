/** Field numbers and enumerations of `onnx.proto` (github.com/onnx/onnx), the part we write and read. */

export const Model = {
  irVersion: 1,
  producerName: 2,
  graph: 7,
  opsetImport: 8,
  functions: 25,
} as const;
export const OperatorSet = { domain: 1, version: 2 } as const;
export const Graph = {
  node: 1,
  name: 2,
  initializer: 5,
  input: 11,
  output: 12,
  valueInfo: 13,
  sparseInitializer: 15,
} as const;
export const Node = {
  input: 1,
  output: 2,
  name: 3,
  opType: 4,
  attribute: 5,
  domain: 7,
} as const;
export const FunctionBody = {
  name: 1,
  input: 4,
  output: 5,
  attribute: 6,
  node: 7,
  domain: 10,
  attributeDefault: 11,
} as const;
export const Attribute = {
  name: 1,
  float: 2,
  integer: 3,
  text: 4,
  tensor: 5,
  graph: 6,
  floats: 7,
  integers: 8,
  graphs: 11,
  type: 20,
  reference: 21,
} as const;
export const ValueInfo = { name: 1, type: 2 } as const;
export const Type = { tensor: 1 } as const;
export const TensorType = { elementType: 1, shape: 2 } as const;
export const Shape = { dimension: 1 } as const;
export const Dimension = { value: 1, parameter: 2 } as const;
export const Tensor = {
  dims: 1,
  dataType: 2,
  floatData: 4,
  int32Data: 5,
  int64Data: 7,
  name: 8,
  rawData: 9,
  doubleData: 10,
  externalData: 13,
  dataLocation: 14,
} as const;
export const StringEntry = { key: 1, value: 2 } as const;

/** TensorProto.DataType */
export const ElementType = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
} as const;
export type ElementTypeName = keyof typeof ElementType;

/** TensorProto.DataLocation */
export const EXTERNAL = 1;

/** AttributeProto.AttributeType */
export const AttributeType = { float: 1, integer: 2, text: 3, graph: 5, integers: 7 } as const;
