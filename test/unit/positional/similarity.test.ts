import assert from 'node:assert';
import { PositionError } from '../../../server/positional/positionError';
import {
  positionSimilarity,
  similarityByDistance,
  similarityTo,
} from '../../../server/positional/positionSimilarity';
import { pairFrequencies, sinusoidalTable } from '../../../server/positional/sinusoidal';
import { meanTotalVariation, totalVariation } from '../../../server/positional/totalVariation';
import { closeTo } from './closeTo';

describe('similarity of positions', () => {
  const table = sinusoidalTable(20, 16);

  it('is Σ cos(distance · frequency) for the sinusoidal table, without spread', () => {
    const { mean, spread, smallest, largest } = similarityByDistance(table, 16);
    const frequencies = pairFrequencies(16);
    const expected = Array.from({ length: 20 }, (_, distance) =>
      frequencies.reduce((sum, frequency) => sum + Math.cos(distance * frequency), 0),
    );
    closeTo(mean, expected, 1e-12);
    closeTo(spread, new Array<number>(20).fill(0), 1e-12);
    closeTo(smallest, largest, 1e-12);
  });

  it('is symmetric, and a row of it is one position', () => {
    const matrix = positionSimilarity(table, 16);
    for (let i = 0; i < 20; i++)
      for (let j = 0; j < 20; j++) assert.equal(matrix[i * 20 + j], matrix[j * 20 + i]);
    closeTo(similarityTo(7, table, 16), matrix.subarray(140, 160), 0);
  });

  it('gathers mean, spread and bounds by distance', () => {
    const { mean, spread, smallest, largest } = similarityByDistance([1, 2, 4], 1);
    closeTo(mean, [7, 5, 4], 1e-12);
    closeTo(spread, [Math.sqrt(42), 3, 0], 1e-12);
    closeTo(smallest, [1, 2, 4], 0);
    closeTo(largest, [16, 8, 4], 0);
  });

  it('refuses tables that are not whole and positions that are not there', () => {
    assert.throws(() => positionSimilarity([1, 2, 3], 2), PositionError);
    assert.throws(() => similarityTo(3, [1, 2, 3], 1), PositionError);
  });
});

describe('total variation', () => {
  it('is 0 for equal rows and 1 for disjoint ones', () => {
    assert.equal(totalVariation([0.5, 0.5], [0.5, 0.5]), 0);
    assert.equal(totalVariation([1, 0], [0, 1]), 1);
    assert.equal(meanTotalVariation([1, 0, 0.5, 0.5], [0, 1, 0.5, 0.5], 2), 0.5);
    assert.equal(meanTotalVariation([], [], 0), 0);
  });
});
