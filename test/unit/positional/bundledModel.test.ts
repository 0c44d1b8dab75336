import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { nineTerms, projectParts, type Projection } from '../../../server/positional/nineTerms';
import { changePositions, type PositionChange } from '../../../server/positional/positionChanges';
import reference from '../../reference/positional/ablation.json';
import { bundledTensor } from '../chapter/bundledTables.node';
import { closeTo } from './closeTo';

const FOLDER = 'models/all-minilm-l6-v2';
const [WIDTH, HEAD_SIZE, CONTEXT_LENGTH] = [384, 32, 512];
const { ids } = reference;
const tokens = ids.length;
const window = {
  tokens,
  specialTokens: [0, tokens - 1],
  contextLength: CONTEXT_LENGTH,
  heads: 12,
  rope: null,
};

describe('the bundled model with changed positions', function () {
  this.timeout(60_000);
  let session: ort.InferenceSession;

  before(async () => {
    ort.env.wasm.numThreads = 1;
    session = await ort.InferenceSession.create(
      new Uint8Array(readFileSync(`${FOLDER}/model.onnx`)),
      {
        executionProviders: ['wasm'],
        externalData: [
          {
            path: 'model.safetensors',
            data: new Uint8Array(readFileSync(`${FOLDER}/model.safetensors`)),
          },
        ],
        logSeverityLevel: 3,
      },
    );
  });
  after(() => session.release());

  async function run(change: PositionChange, outputs: string[]): Promise<Float32Array[]> {
    const { positionIds, positionScale } = changePositions(change, window);
    const integers = (values: ArrayLike<number>) =>
      new ort.Tensor('int64', BigInt64Array.from(Array.from(values), BigInt), [1, values.length]);
    const results = await session.run(
      {
        input_ids: integers(ids),
        position_ids: integers(positionIds),
        position_scale: new ort.Tensor('float32', [positionScale], []),
      },
      outputs,
    );
    return outputs.map((output) => results[output]!.data as Float32Array);
  }

  for (const { change, heads } of reference.cases) {
    it(`attends as Hugging Face does with its table changed: ${JSON.stringify(change)}`, async () => {
      const outputs = heads.map(({ layer }) => `layer.${layer}.weights`);
      const weights = await run(change as PositionChange, outputs);
      heads.forEach(({ head, weights: expected }, index) => {
        const size = tokens * tokens;
        closeTo(weights[index]!.subarray(head * size, (head + 1) * size), expected, 1e-5);
      });
    });
  }

  it('has scores in layer 0 that the nine terms add up to', async () => {
    const rows = (name: string, indices: ArrayLike<number>) => {
      const table = bundledTensor(name);
      return Array.from(indices).flatMap((row) => [
        ...table.subarray(row * WIDTH, (row + 1) * WIDTH),
      ]);
    };
    const embedding = {
      content: rows('embeddings.word_embeddings.weight', ids),
      position: rows(
        'embeddings.position_embeddings.weight',
        ids.map((_, index) => index),
      ),
      constant: rows('embeddings.token_type_embeddings.weight', [0]),
    };
    const norm = {
      gain: bundledTensor('embeddings.LayerNorm.weight'),
      bias: bundledTensor('embeddings.LayerNorm.bias'),
      epsilon: 1e-12,
    };
    const projection = (name: string, head: number): Projection => {
      const [weight, bias] = ['weight', 'bias'].map((part) =>
        bundledTensor(`encoder.layer.0.attention.self.${name}.${part}`),
      );
      return {
        weight: weight!.subarray(head * HEAD_SIZE * WIDTH, (head + 1) * HEAD_SIZE * WIDTH),
        bias: bias!.subarray(head * HEAD_SIZE, (head + 1) * HEAD_SIZE),
      };
    };
    const [query, key] = await run({ mode: 'none' }, ['layer.0.query', 'layer.0.key']);
    for (const head of [0, 5, 11]) {
      const queries = projectParts(embedding, WIDTH, norm, projection('query', head));
      const keys = projectParts(embedding, WIDTH, norm, projection('key', head));
      for (let cell = 0; cell < tokens * tokens; cell++) {
        const [i, j] = [Math.floor(cell / tokens), cell % tokens];
        const terms = nineTerms(queries, keys, i, j, HEAD_SIZE);
        const direct = product(
          query!,
          (head * tokens + i) * HEAD_SIZE,
          key!,
          (head * tokens + j) * HEAD_SIZE,
        );
        const error = Math.abs(terms.reduce((sum, term) => sum + term, 0) - direct);
        // As scores enter the softmax, ÷ √32.
        assert.ok(error / Math.sqrt(HEAD_SIZE) <= 1e-5, `${error} of ${direct}`);
      }
    }
  });
});

function product(
  left: Float32Array,
  leftStart: number,
  right: Float32Array,
  rightStart: number,
): number {
  let sum = 0;
  for (let index = 0; index < HEAD_SIZE; index++)
    sum += left[leftStart + index]! * right[rightStart + index]!;
  return sum;
}
