/** Graphs of our own as an exporter would have written them. */
import { fieldsOf, textOf } from '../../../server/onnx/readWire';
import { ElementType, Graph, Model, Tensor, ValueInfo } from '../../../server/onnx/schema';
import { MessageWriter } from '../../../server/onnx/wire';

export interface Constants {
  [input: string]: { values: readonly number[]; shape: readonly number[] };
}

/** The graph with one of its outputs alone, and with constants in the place of inputs that only ours have. */
export function asForeign(file: Uint8Array, output: string, constants: Constants): Uint8Array {
  const model = new MessageWriter();
  for (const { number, bytes, whole } of fieldsOf(file)) {
    if (number === Model.graph) model.message(Model.graph, foreign(bytes, output, constants));
    else model.raw(whole);
  }
  return model.finish();
}

function foreign(graph: Uint8Array, output: string, constants: Constants): MessageWriter {
  const copy = new MessageWriter();
  for (const { number, bytes, whole } of fieldsOf(graph)) {
    if (number === Graph.input && nameOf(bytes) in constants) continue;
    if (number === Graph.output && nameOf(bytes) !== output) continue;
    copy.raw(whole);
  }
  for (const [name, { values, shape }] of Object.entries(constants)) {
    const tensor = new MessageWriter()
      .packedIntegers(Tensor.dims, shape)
      .integer(Tensor.dataType, ElementType.float32)
      .string(Tensor.name, name)
      .bytes(Tensor.rawData, new Uint8Array(Float32Array.from(values).buffer));
    copy.message(Graph.initializer, tensor);
  }
  return copy;
}

function nameOf(valueInfo: Uint8Array): string {
  for (const field of fieldsOf(valueInfo))
    if (field.number === ValueInfo.name) return textOf(field);
  return '';
}
