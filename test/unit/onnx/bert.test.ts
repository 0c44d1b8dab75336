import assert from 'node:assert/strict';
import { bertTaps, buildBert } from '../../../server/onnx/architectures/bert';
import { readBertConfig } from '../../../server/onnx/architectures/bertConfig';
import { toFloat16Bits } from '../../../server/onnx/float16';
import { OnnxError } from '../../../server/onnx/onnxError';
import type { TensorData } from '../../../server/onnx/safetensors';
import { readSafetensors, writeSafetensors } from '../../../server/onnx/safetensors';
import { WeightFile } from '../../../server/onnx/weightFile';
import { worstDifference } from '../models/attentionRow';
import { GraphSession } from '../models/graphSession.node';
import { plainBert } from './plainBert';
import { TINY_CONFIG, tinyConfig, tinyTensors, tinyWeights } from './tinyBert';

const LOCATION = 'tiny.safetensors';
const IDS = [3, 17, 0, 29, 8];
const TIMEOUT_MS = 60_000;

function build(tensors: ReadonlyMap<string, TensorData>): { graph: Uint8Array; file: Uint8Array } {
  const file = writeSafetensors(tensors);
  return { graph: buildBert(tinyConfig(), new WeightFile(LOCATION, readSafetensors(file))), file };
}

const zeros = (tensor: TensorData): TensorData => ({
  ...tensor,
  bytes: new Uint8Array(tensor.bytes.length),
});

function refusal(tensors: ReadonlyMap<string, TensorData>): string {
  try {
    build(tensors);
  } catch (error) {
    assert.ok(error instanceof OnnxError, String(error));
    return error.message;
  }
  return assert.fail('built');
}

describe('the BERT graph', function () {
  this.timeout(TIMEOUT_MS);

  it('computes what BERT is defined to compute', async () => {
    const { graph, file } = build(tinyTensors());
    const session = await GraphSession.open(graph, LOCATION, file);
    const names = [0, 1].map((layer) => bertTaps(layer).weights);
    for (const positionScale of [1, 0, 0.5]) {
      const outputs = await session.run(IDS, [...names, 'last_hidden_state'], { positionScale });
      const expected = plainBert(tinyConfig(), tinyWeights(), IDS, positionScale);
      names.forEach((name, layer) => {
        const error = worstDifference(expected.attention[layer] ?? [], outputs[name] ?? []);
        assert.ok(error <= 1e-5, `${name}: ${error}`);
      });
      const hidden = outputs['last_hidden_state'] ?? [];
      const error = worstDifference(expected.hidden.flat(), hidden);
      assert.ok(error <= 1e-4, `hidden: ${error}`);
    }
    await session.close();
  });

  it('takes positions from its input', async () => {
    const { graph, file } = build(tinyTensors());
    const session = await GraphSession.open(graph, LOCATION, file);
    const names = ['last_hidden_state'];
    const straight = await session.run([4, 5, 6], names, { positions: [0, 1, 2] });
    const reversed = await session.run([6, 5, 4], names, { positions: [2, 1, 0] });
    const width = TINY_CONFIG.hidden_size;
    const first = straight['last_hidden_state']?.subarray(0, width) ?? [];
    const last = reversed['last_hidden_state']?.subarray(2 * width) ?? [];
    assert.ok(worstDifference(first, last) <= 1e-5);
    await session.close();
  });

  it('computes in float32 with weights stored in float16', async () => {
    const halves = new Map<string, TensorData>();
    for (const [name, { shape, bytes }] of tinyTensors()) {
      const bits = toFloat16Bits(new Float32Array(bytes.slice().buffer));
      halves.set(name, { dtype: 'F16', shape, bytes: new Uint8Array(bits.buffer) });
    }
    const { graph, file } = build(halves);
    const session = await GraphSession.open(graph, LOCATION, file);
    const outputs = await session.run(IDS, ['layer.1.weights']);
    const expected = plainBert(tinyConfig(), tinyWeights(), IDS, 1).attention[1] ?? [];
    const error = worstDifference(expected, outputs['layer.1.weights'] ?? []);
    assert.ok(error > 0 && error <= 5e-3, String(error));
    await session.close();
  });

  it('is the same bytes every time and holds no weights', () => {
    const [once, again] = [build(tinyTensors()), build(tinyTensors())];
    assert.deepEqual(once.graph, again.graph);
    const other = build(new Map([...tinyTensors()].map(([name, tensor]) => [name, zeros(tensor)])));
    assert.deepEqual(once.graph, other.graph);
  });

  it('refuses weights that are missing, misshapen or of a type it cannot cast', () => {
    const name = 'encoder.layer.1.attention.self.key.weight';
    const without = tinyTensors();
    without.delete(name);
    assert.match(
      refusal(without),
      /has no tensor "encoder\.layer\.1\.attention\.self\.key\.weight"/,
    );
    const misshapen = tinyTensors();
    misshapen.set(name, { dtype: 'F32', shape: [144], bytes: new Uint8Array(144 * 4) });
    assert.match(refusal(misshapen), /shape \[144\], but config\.json asks for \[12, 12\]/);
    const integers = tinyTensors();
    integers.set(name, { dtype: 'I8', shape: [12, 12], bytes: new Uint8Array(144) });
    assert.match(refusal(integers), /element type I8, which is not supported/);
  });

  it('refuses a config it has no graph for', () => {
    const bad = [
      null,
      { ...TINY_CONFIG, model_type: 'gpt2' },
      { ...TINY_CONFIG, hidden_act: 'relu' },
      { ...TINY_CONFIG, num_hidden_layers: 1e9 },
      { ...TINY_CONFIG, num_attention_heads: 5 },
      { ...TINY_CONFIG, position_embedding_type: 'relative_key' },
      { ...TINY_CONFIG, layer_norm_eps: '0' },
    ];
    for (const config of bad) {
      assert.throws(
        () => readBertConfig(config),
        (error) =>
          error instanceof OnnxError && error.message.startsWith("The model's config.json"),
      );
    }
  });
});
