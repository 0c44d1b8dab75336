/** The bundled model's attention against Hugging Face's in float32. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LayerTap, ModelManifest } from '../../../server/models/manifest';
import { readManifest } from '../../../server/models/readManifest';
import type { ReferenceText } from './attentionReference.node';
import { readReference } from './attentionReference.node';
import { attentionRow, totalVariation, worstDifference } from './attentionRow';
import type { Outputs } from './graphSession.node';
import { GraphSession } from './graphSession.node';

const FOLDER = 'models/all-minilm-l6-v2';
const MAX_ERROR = 5e-3;
const MAX_MEAN_VARIATION = 1e-3;
const MAX_GRAPH_ERROR = 1e-5;
/** Whole weight tensors are compared up to this length; longer ones would take seconds each. */
const MAX_WHOLE = 64;
/** A model pass over 512 tokens takes seconds on a busy machine. */
const TIMEOUT_MS = 240_000;

interface Figures {
  /** Over the sampled rows, the hardest of each head among them. */
  worst: number;
  /** Over the random rows alone. */
  meanVariation: number;
  rows: number;
}

describe('the bundled model', function () {
  this.timeout(TIMEOUT_MS);
  let manifest: ModelManifest;
  let session: GraphSession;
  let texts: ReferenceText[];

  before(async () => {
    manifest = readManifest(readFileSync(join(FOLDER, 'manifest.json')));
    const weights = readFileSync(join(FOLDER, 'model.safetensors'));
    const graph = readFileSync(join(FOLDER, 'model.onnx'));
    session = await GraphSession.open(graph, 'model.safetensors', weights);
    texts = readReference();
  });
  after(() => session.close());

  it('has the inputs and outputs that its manifest names', () => {
    assert.deepEqual([...session.inputNames], Object.values(manifest.inputs));
    const taps = manifest.taps.flatMap(namesOf);
    assert.deepEqual([...session.outputNames], [...taps, 'last_hidden_state']);
  });

  it('attends as the reference does, over texts in many scripts', async () => {
    assert.ok(texts.length >= 20);
    const all: Figures[] = [];
    for (const text of texts) all.push(await compare(text));
    const worst = Math.max(...all.map((figures) => figures.worst));
    const variations = all.map((figures) => figures.meanVariation);
    const mean = variations.reduce((a, b) => a + b, 0) / variations.length;
    const rows = all.reduce((sum, figures) => sum + figures.rows, 0);
    console.log(
      `      ${texts.length} texts, ${rows} rows: worst error ${worst.toExponential(2)}, ` +
        `mean total variation ${mean.toExponential(2)} (worst text ${Math.max(...variations).toExponential(2)})`,
    );
    assert.ok(worst <= MAX_ERROR, `worst error ${worst}`);
    for (const variation of variations) assert.ok(variation <= MAX_MEAN_VARIATION);
  });

  it('spreads attention as widely as the reference in every head', async () => {
    for (const text of texts.filter(({ ids }) => ids.length <= MAX_WHOLE)) {
      const weights = await session.run(text.ids, manifest.taps.map((tap) => tap.weights));
      for (const [layer, tap] of manifest.taps.entries()) {
        for (let head = 0; head < manifest.heads; head++) {
          const ours = meanSquares(outputOf(weights, tap.weights), head, text.ids.length);
          const theirs = text.squares[layer]?.[head] ?? NaN;
          assert.ok(Math.abs(ours - theirs) <= MAX_ERROR, `${text.name} ${layer}.${head}`);
        }
      }
    }
  });

  it('gives weights that are softmax(q·k·scale) of its own queries and keys', async () => {
    let worst = 0;
    for (const { ids } of texts.filter(({ ids }) => ids.length <= MAX_WHOLE)) {
      const outputs = await session.run(ids, manifest.taps.flatMap(namesOf));
      for (const tap of manifest.taps) {
        const weights = outputOf(outputs, tap.weights);
        forEachRow(ids.length, (head, query) => {
          const from = (head * ids.length + query) * ids.length;
          const row = weights.subarray(from, from + ids.length);
          worst = Math.max(worst, worstDifference(row, recomputed(outputs, tap, ids, head, query)));
        });
      }
    }
    console.log(`      graph against recomputed: worst ${worst.toExponential(2)}`);
    assert.ok(worst <= MAX_GRAPH_ERROR, `worst ${worst}`);
  });

  it('cannot tell the order of words when the position embedding is off', async () => {
    const [cls, a, b, sep] = [101, 3899, 4937, 102];
    const names = ['last_hidden_state'];
    const off = { positionScale: 0 };
    const forward = outputOf(await session.run([cls, a, b, sep], names, off), names[0]);
    const backward = outputOf(await session.run([cls, b, a, sep], names, off), names[0]);
    const row = (hidden: Float32Array, token: number): Float32Array =>
      hidden.subarray(token * manifest.width, (token + 1) * manifest.width);
    assert.ok(worstDifference(row(forward, 1), row(backward, 2)) <= 1e-4);
    const trained = outputOf(await session.run([cls, a, b, sep], names), names[0]);
    assert.ok(worstDifference(row(forward, 1), row(trained, 1)) > 1e-2);
  });

  async function compare(text: ReferenceText): Promise<Figures> {
    const names = manifest.taps.flatMap(({ query, key }) => [query, key]);
    const outputs = await session.run(text.ids, names);
    const figures = { worst: 0, meanVariation: 0, rows: text.rows.length };
    const random = text.rows.filter(({ hardest }) => !hardest).length;
    for (const { layer, head, query, hardest, weights } of text.rows) {
      const tap = manifest.taps[layer];
      assert.ok(tap);
      const ours = recomputed(outputs, tap, text.ids, head, query);
      figures.worst = Math.max(figures.worst, worstDifference(ours, weights));
      if (!hardest) figures.meanVariation += totalVariation(ours, weights) / random;
    }
    return figures;
  }

  function recomputed(
    outputs: Outputs,
    tap: { query: string; key: string },
    ids: readonly number[],
    head: number,
    query: number,
  ): Float64Array {
    const { headSize, score } = manifest;
    assert.ok(score.kind === 'dot');
    const shape = { tokens: ids.length, headSize, scale: score.scale };
    return attentionRow(outputOf(outputs, tap.query), outputOf(outputs, tap.key), head, query, shape);
  }

  function forEachRow(tokens: number, visit: (head: number, query: number) => void): void {
    for (let head = 0; head < manifest.heads; head++) {
      for (let query = 0; query < tokens; query++) visit(head, query);
    }
  }
});

const namesOf = ({ query, key, value, weights }: LayerTap): string[] => [query, key, value, weights];

function outputOf(outputs: Outputs, name = ''): Float32Array {
  const output = outputs[name];
  assert.ok(output, `no output ${name}`);
  return output;
}

/** The mean over a head's rows of the sum of squared weights; `weights` is [head, query, key]. */
function meanSquares(weights: Float32Array, head: number, tokens: number): number {
  const cells = weights.subarray(head * tokens * tokens, (head + 1) * tokens * tokens);
  return cells.reduce((sum, weight) => sum + weight * weight, 0) / tokens;
}
