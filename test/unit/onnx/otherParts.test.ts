import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { fieldsOf } from '../../../server/onnx/readWire';
import { Graph, Model, Node } from '../../../server/onnx/schema';
import { readNode } from '../../../server/onnx/tap/node';
import { tapGraph } from '../../../server/onnx/tap/tapGraph';
import { MessageWriter } from '../../../server/onnx/wire';
import { exportFile } from './exports.node';

/** The same model with a node that reads the first layer's weights. */
function withNode(file: Uint8Array, operator: string): Uint8Array {
  const model = new MessageWriter();
  for (const field of fieldsOf(file)) {
    if (field.number !== Model.graph) {
      model.raw(field.whole);
      continue;
    }
    const graph = new MessageWriter();
    let added = false;
    for (const part of fieldsOf(field.bytes)) {
      graph.raw(part.whole);
      if (added || part.number !== Graph.node) continue;
      const { operator: own, outputs } = readNode(part.bytes);
      if (own !== 'Softmax') continue;
      added = true;
      const node = new MessageWriter()
        .string(Node.input, outputs[0]!)
        .string(Node.output, 'extra')
        .string(Node.opType, operator);
      graph.message(Graph.node, node);
    }
    model.message(Model.graph, graph);
  }
  return model.finish();
}

describe('Parts of a graph that are no attention', () => {
  const file = exportFile('bert/dynamo-18.onnx');

  it('are none in a plain transformer', () => {
    assert.deepEqual(tapGraph(file, { location: 'model.onnx' }).notShown, []);
  });

  for (const [operator, reason] of [
    ['CumSum', /state-space or linear-attention/],
    ['Scan', /state-space or linear-attention/],
    ['TopK', /routers/],
    ['LSTM', /recurrent/],
    ['Conv', /convolutions/],
  ] as const)
    it(`are named where there is a ${operator}, beside all layers of attention`, () => {
      const { layers, notShown } = tapGraph(withNode(file, operator), { location: 'model.onnx' });
      assert.equal(layers.length, 2);
      assert.equal(notShown.length, 1);
      assert.match(notShown[0]!.where, new RegExp(`"${operator}" \\(1\\)`));
      assert.match(notShown[0]!.reason, reason);
    });
});
