import assert from 'node:assert/strict';
import type { Value } from '../../../server/onnx/tap/evaluate/value';
import { factsOf } from '../../../server/onnx/tap/facts';
import { GraphView } from '../../../server/onnx/tap/graphView';
import type { GraphNode } from '../../../server/onnx/tap/node';
import { holdsSines, readPositionTable } from '../../../server/onnx/tap/positionTable';
import type { StoredTensor } from '../../../server/onnx/tap/tensor';

const TOKENS = 5;
const FLOAT32 = 1;
/** Not in the file of the graph, so that numbers come from `read`. */
const TABLE: StoredTensor = {
  name: 'table',
  type: FLOAT32,
  dims: [8, 3],
  external: { location: 'model.onnx', offset: 0, length: undefined },
  bytes: new Uint8Array(),
};

const node = (operator: string, inputs: string[], output: string): GraphNode => ({
  ...{ name: output, operator, domain: '', inputs, outputs: [output], captured: [] },
  attributes: new Map(),
});

/** Rows of the table by position from `first` on, and what is done with them. */
function view(then: GraphNode[], first = 0, tokens = TOKENS): GraphView {
  const places: Value = {
    ...{ type: 7, dims: [1, tokens], origin: 0 },
    data: Float64Array.from({ length: tokens }, (_, at) => first + at),
  };
  return new GraphView(
    {
      ...{ irVersion: 8, opsets: new Map(), inputs: [], outputs: [], functions: new Map() },
      nodes: [node('Gather', ['table', 'places'], 'rows'), ...then],
      initializers: new Map([['table', TABLE]]),
    },
    new Map([['places', places]]),
  );
}

describe('What a graph shows of its positions', () => {
  const tableOf = (given: GraphView) => factsOf(given, TOKENS).positionTable;
  const added = node('Add', ['words', 'rows'], 'sum');

  it('is a learned table where its rows are added, at once or brought into form first', () => {
    assert.equal(tableOf(view([added]))?.table, TABLE);
    const formed = [node('Unsqueeze', ['rows'], 'formed'), node('Add', ['words', 'formed'], 'sum')];
    assert.equal(tableOf(view(formed))?.table, TABLE);
  });

  it('is none where rows are multiplied, as sines and cosines are, or go both ways', () => {
    const turned = node('Mul', ['query', 'rows'], 'turned');
    assert.equal(tableOf(view([turned])), null);
    assert.equal(tableOf(view([added, turned])), null);
    // How far positions reach is known all the same.
    assert.equal(factsOf(view([turned]), TOKENS).positions, 8);
  });

  it('is not that of a second text', () => {
    assert.equal(tableOf(view([added], 0, TOKENS + 2)), null);
  });

  it('has the numbers from the first token’s row on', () => {
    const numbers = Float32Array.from({ length: 24 }, (_, at) => at / 8);
    const table = tableOf(view([added], 2));
    assert.equal(table?.first, 2);
    const read = readPositionTable(table, () => new Uint8Array(numbers.buffer));
    assert.deepEqual(read, { rows: 6, width: 3, values: numbers.slice(6) });
    const whole = { ...table, table: { ...TABLE, type: 2 } };
    assert.equal(
      readPositionTable(whole, () => new Uint8Array(24)),
      null,
    );
  });

  it('is not called learned where it holds sines and cosines, in either order', () => {
    const [rows, width] = [40, 12];
    const rates = Array.from({ length: width / 2 }, (_, pair) => 10_000 ** ((-2 * pair) / width));
    const table = (of: (position: number) => number[]) => ({
      ...{ rows, width },
      values: Float32Array.from(Array.from({ length: rows }, (_, position) => of(position)).flat()),
    });
    const alternating = table((at) =>
      rates.flatMap((rate) => [Math.sin(at * rate), Math.cos(at * rate)]),
    );
    const halves = table((at) => [
      ...rates.map((rate) => Math.sin(at * rate)),
      ...rates.map((rate) => Math.cos(at * rate)),
    ]);
    assert.ok(holdsSines(alternating) && holdsSines(halves));
    const learned = table((at) => rates.map((_, pair) => Math.sin(at + 7 * pair)).concat(rates));
    assert.equal(holdsSines(learned), false);
  });
});
