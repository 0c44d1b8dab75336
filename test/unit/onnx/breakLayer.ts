/** Makes graphs of which one layer does not pass the check at load. */
import { fieldsOf } from '../../../server/onnx/readWire';
import { Graph, Model, Node } from '../../../server/onnx/schema';
import { readNode } from '../../../server/onnx/tap/node';
import { MessageWriter } from '../../../server/onnx/wire';

/** The same model, but the weights of one layer are squared, so that they do not sum to 1. */
export function withBrokenLayer(file: Uint8Array, layer: number): Uint8Array {
  const model = new MessageWriter();
  for (const field of fieldsOf(file)) {
    if (field.number === Model.graph) model.bytes(Model.graph, breakGraph(field.bytes, layer));
    else model.raw(field.whole);
  }
  return model.finish();
}

function breakGraph(graph: Uint8Array, layer: number): Uint8Array {
  const writer = new MessageWriter();
  let softmaxes = 0;
  for (const field of fieldsOf(graph)) {
    const node = field.number === Graph.node ? readNode(field.bytes) : undefined;
    if (node?.operator !== 'Softmax' || softmaxes++ !== layer) {
      writer.raw(field.whole);
      continue;
    }
    const [output = ''] = node.outputs;
    const right = `${output}/right`;
    writer.bytes(Graph.node, withOutput(field.bytes, right));
    const square = new MessageWriter()
      .string(Node.input, right)
      .string(Node.input, right)
      .string(Node.output, output)
      .string(Node.opType, 'Mul');
    writer.message(Graph.node, square);
  }
  return writer.finish();
}

function withOutput(node: Uint8Array, name: string): Uint8Array {
  const writer = new MessageWriter();
  for (const field of fieldsOf(node)) {
    if (field.number === Node.output) writer.string(Node.output, name);
    else writer.raw(field.whole);
  }
  return writer.finish();
}
