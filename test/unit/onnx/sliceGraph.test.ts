import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openSession } from '../../../server/engine/session.node';
import { GraphBuilder } from '../../../server/onnx/graph';
import { takeApart } from '../../../server/onnx/graphParts';
import { sliceGraph, type GraphSlice } from '../../../server/onnx/sliceGraph';
import { MessageWriter } from '../../../server/onnx/wire';
import type { Tensor } from '../../../server/engine/tensor';

const X: Tensor = { type: 'float32', dims: [3], data: Float32Array.of(0.3, -1.2, 2) };

/** A graph in which node i reads two earlier values; its values are v0 (the input), v1, v2 … */
function randomGraph(pairs: readonly (readonly [number, number])[]): Uint8Array {
  const graph = new GraphBuilder('random', 20);
  const values = [graph.input('v0', 'float32', [3])];
  for (const [left, right] of pairs) {
    const pick = (at: number) => values[at % values.length]!;
    const name = `v${values.length}`;
    const scaled = graph.node('Mul', [pick(left), graph.scalar(0.5 + (left % 4))]);
    values.push(graph.node('Add', [graph.node('Tanh', [scaled]), pick(right)], {}, name));
    graph.output(name, 'float32', [3]);
  }
  return graph.finish();
}

async function runOf(
  graph: Uint8Array,
  feeds: { [name: string]: Tensor },
  outputs: readonly string[],
) {
  const session = await openSession({ graph, weights: {}, threads: 1 });
  try {
    return await session.run(feeds, outputs);
  } finally {
    await session.release();
  }
}

/** Everything that the slices compute, one after the other. */
async function runSlices(slices: readonly GraphSlice[], feeds: { [name: string]: Tensor }) {
  const values = new Map(Object.entries(feeds));
  for (const { graph, inputs, outputs } of slices) {
    const own = Object.fromEntries(inputs.map((name) => [name, values.get(name)!]));
    for (const [name, value] of await runOf(graph, own, outputs)) values.set(name, value);
  }
  return values;
}

const pair = fc.tuple(fc.nat(20), fc.nat(20));

describe('a graph cut into slices', function () {
  this.timeout(60_000);

  it('computes what the whole graph does, to the bit, wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(pair, { minLength: 2, maxLength: 12 }),
        fc.array(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 2 }), { maxLength: 4 }),
        async (pairs, cuts) => {
          const graph = randomGraph(pairs);
          const names = pairs.map((_, at) => `v${at + 1}`);
          const stages = cuts.map((cut) => cut.map((at) => names[(at - 1) % names.length]!));
          const slices = sliceGraph(graph, stages);
          if (!slices) return;
          const whole = await runOf(graph, { v0: X }, names);
          const cutUp = await runSlices(slices, { v0: X });
          for (const name of names) assert.deepEqual(cutUp.get(name)!.data, whole.get(name)!.data);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('knows each stage’s values after its slice, and computes nothing twice', () => {
    fc.assert(
      fc.property(
        fc.array(pair, { minLength: 3, maxLength: 12 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }),
        (pairs, ats) => {
          const graph = randomGraph(pairs);
          const stages = ats.map((at) => [`v${((at - 1) % pairs.length) + 1}`]);
          const slices = sliceGraph(graph, stages) ?? [];
          const made = slices.map((slice) =>
            takeApart(slice.graph).nodes.flatMap(({ outputs }) => outputs),
          );
          if (slices.length > 0) {
            const all = takeApart(graph).nodes.flatMap(({ outputs }) => outputs);
            assert.deepEqual(made.flat().sort(), all.sort());
          }
          const seen = new Set(['v0']);
          for (const { inputs, outputs } of slices) {
            assert.ok(inputs.every((name) => seen.has(name)));
            for (const name of outputs) seen.add(name);
          }
        },
      ),
    );
  });

  it('gives each slice the weights of its own nodes', () => {
    const graph = new GraphBuilder('weights', 20);
    const x = graph.input('x', 'float32', [3]);
    const weight = (name: string) =>
      graph.external(name, 'float32', [3], { location: 'w', offset: 0, length: 12 });
    const first = graph.node('Mul', [x, weight('a')], {}, 'first');
    const second = graph.node('Mul', [first, weight('b')]);
    graph.output(graph.node('Add', [second, 'a'], {}, 'sum'), 'float32', [3]);
    const slices = sliceGraph(graph.finish(), [['first']])!;
    const weights = slices.map((slice) => [...takeApart(slice.graph).initializers.keys()]);
    assert.deepEqual(weights, [['a'], ['a', 'b']]);
    assert.deepEqual(slices[1]!.inputs, ['first']);
  });

  it('hands integers and truth values across', async () => {
    const graph = new GraphBuilder('types', 20);
    const x = graph.input('x', 'float32', [3]);
    const where = graph.node('Greater', [x, graph.scalar(0)], {}, 'where');
    const shape = graph.node('Shape', [x], {}, 'shape');
    const flat = graph.node('Reshape', [x, shape]);
    const cut = graph.node('Where', [where, flat, graph.scalar(0)], {}, 'cut');
    graph.output(cut, 'float32', [3]);
    const slices = sliceGraph(graph.finish(), [['where'], ['shape']])!;
    assert.equal(slices.length, 3);
    const values = await runSlices(slices, { x: X });
    assert.deepEqual([...(values.get('cut')!.data as Float32Array)], [X.data[0], 0, 2]);
  });

  const stays: [string, () => Uint8Array, string[][]][] = [
    ['has one stage only', () => randomGraph([[0, 0]]), [['v1']]],
    [
      'would have to hand on what has no known type',
      () => {
        const graph = new GraphBuilder('unknown', 20);
        const odd = graph.node('Mystery', [graph.input('x', 'float32', [3])], {}, 'odd');
        graph.output(graph.node('Neg', [odd], {}, 'y'), 'float32', [3]);
        return graph.finish();
      },
      [['odd']],
    ],
    ['is no graph', () => new TextEncoder().encode('nothing of the kind'), [['v1']]],
    ['is empty', () => new Uint8Array(0), [['v1']]],
    ['has no graph in it', () => new MessageWriter().integer(1, 9).finish(), [['v1']]],
    [
      'is cut short',
      () =>
        randomGraph([
          [0, 0],
          [1, 1],
        ]).subarray(0, 100),
      [['v1']],
    ],
  ];
  for (const [why, file, stages] of stays) {
    it(`stays whole where it ${why}`, () => assert.equal(sliceGraph(file(), stages), null));
  }
});
