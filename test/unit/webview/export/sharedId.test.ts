import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { sharedId } from '../../../../webview/export/about';

describe('The id of a model in what is exported', () => {
  for (const [id, shared] of [
    ['bundled', 'bundled'],
    ['hf:owner/name@main', 'hf:owner/name@main'],
    ['file:/home/somebody/models/bert', 'file:bert'],
    ['file:C:\\models\\m.onnx', 'file:m.onnx'],
    ['file:/home/somebody/bert#onnx/model_q4.onnx', 'file:bert#onnx/model_q4.onnx'],
  ] as const)
    it(`is ${shared} for ${id}`, () => {
      assert.equal(sharedId(id), shared);
    });
});
