import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { halfNodes } from '../../../server/onnx/halfNodes';
import { takeApart } from '../../../server/onnx/graphParts';

describe('nodes that touch float16', () => {
  it('are lookups and casts alone in the bundled model', () => {
    const graph = readFileSync('models/all-minilm-l6-v2/model.onnx');
    const names = halfNodes(graph);
    assert.ok(names.length > 0);
    assert.deepEqual(
      names.filter((name) => !/^(gather|cast)\./.test(name)),
      [],
    );
    assert.ok(names.length < takeApart(graph).nodes.length / 2);
  });
});
