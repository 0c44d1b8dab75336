import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ModelError } from '../../../server/models/modelError';
import { formatModelSource, parseModelSource } from '../../../server/models/source';

describe('Where a model comes from', () => {
  for (const [text, source] of [
    ['bundled', { kind: 'bundled' }],
    ['chapter', { kind: 'chapter' }],
    ['file:/models/my model', { kind: 'file', path: '/models/my model' }],
    ['file:/models/100%25', { kind: 'file', path: '/models/100%25' }],
    ['file:///models/my%20model/', { kind: 'file', path: '/models/my model' }],
    ['file:/m/bert#onnx/model_q4.onnx', { kind: 'file', path: '/m/bert', form: 'onnx/model_q4.onnx' }],
    ['file:/m/c#/bert', { kind: 'file', path: '/m/c#/bert' }],
    ['file:/m/bert#../other.onnx', { kind: 'file', path: '/m/bert#../other.onnx' }],
    ['file:file:///models/m.onnx', { kind: 'file', path: '/models/m.onnx' }],
    ['file:C:\\models\\bert', { kind: 'file', path: 'C:\\models\\bert' }],
    ['file:///c%3A/models/bert', { kind: 'file', path: 'c:/models/bert' }],
    ['file:vscode-vfs://github/models', { kind: 'file', path: 'vscode-vfs://github/models' }],
    ['hf:openai-community/gpt2', { kind: 'hub', owner: 'openai-community', name: 'gpt2', revision: null }],
    ['hf:a/b@refs/pr/1', { kind: 'hub', owner: 'a', name: 'b', revision: 'refs/pr/1' }],
  ] as const) {
    it(`reads ${text}`, () => {
      assert.deepEqual(parseModelSource(text), source);
      assert.deepEqual(parseModelSource(formatModelSource(source)), source);
    });
  }

  for (const text of [
    '',
    'gpt2',
    'file:',
    'file:models/bert',
    'file:../bert',
    'file://server/share/bert',
    'file:///%ZZ',
    'file:///a%00b',
    'hf:gpt2',
    'hf:a/b/c',
    'hf:../b',
    'hf:a/..',
    'hf:a/b@../../c',
    'hf:a/b@x/../y',
    'hf:a/b@',
    'hf:a b/c',
  ])
    it(`refuses "${text}" in one sentence`, () => {
      assert.throws(
        () => parseModelSource(text),
        (error: unknown) => error instanceof ModelError && error.reason === 'modelRefused' && error.message.includes(text.slice(3)),
      );
    });
});
