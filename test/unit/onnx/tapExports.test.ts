import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ScoreRule } from '../../../server/models/manifest';
import { tapGraph, type TappedGraph } from '../../../server/onnx/tap/tapGraph';
import { exportFile, exportFloats, exportJson, type ExportCase } from './exports.node';
import { runTapped, worstDifference } from './tappedRun.node';

const LOCATION = 'model.onnx';
const KINDS = ['self', 'decoderSelf', 'cross'] as const;
const cases = exportJson('cases.json') as ExportCase[];

/** What 16 and 8 bits leave of a weight, against eager attention in float32. */
const AGAINST_EAGER: { readonly [form: string]: number } = { fp16: 5e-3, int8: 0.2 };
/** Biases that are rounded to 16 bits. */
const AGAINST_RULE: { readonly [form: string]: number } = { fp16: 5e-4 };

/** Models whose bias no rule explains, and what is said of them. */
const REFUSED: { readonly [name: string]: RegExp } = {
  deberta: /layer 0: its mask or bias depends on the words/,
  'falcon-alibi': /layer 0: its bias is rounded so coarsely/,
};

function tap(name: string, form: string): TappedGraph {
  return tapGraph(exportFile(`${name}/${form}.onnx`), { location: LOCATION });
}

function rulesOf(name: string, form = 'legacy-17'): string[] {
  return tap(name, form).layers.map(({ kind, score }) => `${kind}: ${inWords(score)}`);
}

function inWords({ bias, sinks, ...rule }: ScoreRule): string {
  assert.notEqual(rule.kind, 'additive');
  return [
    ...(rule.kind === 'softcappedDot' ? [`cap ${rule.cap}`] : []),
    ...(bias.causal ? ['causal'] : []),
    ...(bias.window === undefined ? [] : [`window ${bias.window}`]),
    ...(bias.alibi ? ['alibi'] : []),
    ...(bias.relative ? [`relative ${(bias.relative.buckets.length - 1) / 2}`] : []),
    ...(sinks ? ['sinks'] : []),
  ].join(', ');
}

describe('Attention in exported ONNX files', function () {
  this.timeout(120_000);

  for (const each of cases.filter(({ name }) => !(name in REFUSED))) {
    for (const form of each.forms) {
      it(`is found in every layer of ${each.name}, ${form}, as eager attention has it`, async () => {
        const tapped = tap(each.name, form);
        // Of a mixture of experts the routers are named.
        const expected = each.name === 'gpt_oss' ? [/routers/] : [];
        assert.equal(tapped.notShown.length, expected.length);
        expected.forEach((reason, at) => assert.match(tapped.notShown[at]!.reason, reason));
        const counts = each.stacks.map(([layers]) => layers);
        const found = KINDS.map((kind) => tapped.layers.filter((l) => l.kind === kind).length);
        assert.deepEqual(found.slice(0, counts.length), counts);
        const texts = each.source ? { ids: each.source, decoderIds: each.ids } : { ids: each.ids };
        const files = { [LOCATION]: exportFile(`${each.name}/${form}.onnx`) };
        const runs = await runTapped(tapped, files, texts);
        for (const { layer, weights, byRule } of runs) {
          const reference = referenceOf(each, KINDS.indexOf(layer.kind), layer.index);
          const eager = worstDifference(weights, reference);
          assert.ok(eager <= (AGAINST_EAGER[form] ?? 1e-5), `${layer.weights}: eager ${eager}`);
          const rule = worstDifference(weights, byRule);
          assert.ok(rule <= (AGAINST_RULE[form] ?? 1e-5), `${layer.weights}: rule ${rule}`);
        }
      });
    }
  }

  for (const [name, why] of Object.entries(REFUSED)) {
    it(`is refused by name in ${name}`, () => {
      assert.throws(() => tap(name, 'legacy-17'), why);
    });
  }

  it('has the rule that the model was made with', () => {
    assert.deepEqual(rulesOf('bert'), ['self: ', 'self: ']);
    assert.deepEqual(rulesOf('llama'), ['self: causal', 'self: causal']);
    assert.deepEqual(rulesOf('mistral'), ['self: causal, window 3', 'self: causal, window 3']);
    assert.deepEqual(rulesOf('modernbert'), ['self: ', 'self: window 2', 'self: ']);
    assert.deepEqual(rulesOf('gemma2'), ['self: cap 2, causal, window 3', 'self: cap 2, causal']);
    assert.deepEqual(rulesOf('bloom'), ['self: causal, alibi', 'self: causal, alibi']);
    assert.deepEqual(rulesOf('gpt_oss'), ['self: causal, window 3, sinks', 'self: causal, sinks']);
    assert.deepEqual(rulesOf('mpnet'), ['self: relative 91', 'self: relative 91']);
    assert.deepEqual(rulesOf('t5'), [
      'self: relative 6',
      'self: relative 6',
      'decoderSelf: causal, relative 12',
      'cross: ',
      'decoderSelf: causal, relative 12',
      'cross: ',
    ]);
  });

  it('has the width of a window that is wider than the text that was looked at', () => {
    assert.deepEqual(rulesOf('mistral-wide'), Array(2).fill('self: causal, window 4095'));
    assert.deepEqual(
      rulesOf('mistral-wide', 'dynamo-18'),
      Array(2).fill('self: causal, window 4095'),
    );
  });

  it('keeps the scale in the rule where queries and keys are taken out before it', () => {
    for (const form of ['legacy-17', 'dynamo-18', 'sdpa-17']) {
      for (const { score } of tap('llama', form).layers) {
        assert.ok(score.kind === 'dot' && Math.abs(score.scale - 8 ** -0.5) < 1e-6, form);
      }
    }
  });

  it('gives keys as often as they are stored, not as often as they are read', () => {
    assert.deepEqual(
      new Set(tap('llama', 'dynamo-18').layers.map((l) => l.keyValueHeads)),
      new Set([3]),
    );
    assert.deepEqual(
      new Set(tap('falcon', 'legacy-17').layers.map((l) => l.keyValueHeads)),
      new Set([1]),
    );
  });

  it('leaves large weights in the file that they came in', () => {
    const file = exportFile('llama/dynamo-18.onnx');
    const { graph, locations } = tap('llama', 'dynamo-18');
    assert.deepEqual(locations, [LOCATION]);
    assert.ok(graph.length < file.length / 2, `${graph.length} of ${file.length} bytes`);
  });
});

function referenceOf({ name, stacks }: ExportCase, stack: number, layer: number): Float32Array {
  const sizes = stacks.map(([, heads, queries, keys]) => heads * queries * keys);
  const before = stacks.slice(0, stack).reduce((sum, [layers], at) => sum + layers * sizes[at]!, 0);
  const start = before + layer * sizes[stack]!;
  return exportFloats(`${name}/attentions.bin`).subarray(start, start + sizes[stack]!);
}
