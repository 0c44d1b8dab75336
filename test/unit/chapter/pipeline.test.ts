import assert from 'node:assert';
import { runChapter, type ChapterTensors } from '../../../server/chapter/pipeline';
import { readChapterSettings } from '../../../server/chapter/settings';
import { chapterWeights, glorotUniform } from '../../../server/chapter/weights';
import { seededGenerator } from '../../../server/positional/generator';
import { PositionError } from '../../../server/positional/positionError';
import reference from '../../reference/positional/chapter.json';
import { closeTo } from '../positional/closeTo';

const { width, vectors, learned, cases, generator } = reference;

function run(settings: object, changes: object = {}): ChapterTensors {
  const source = {
    vectors: Float64Array.from(vectors),
    width,
    positions: [0, 1, 2, 3, 4, 5],
    positionScale: 1,
    learned,
    ...changes,
  };
  return runChapter(source, readChapterSettings(settings), chapterWeights(width));
}

describe("the chapter's pipeline", () => {
  for (const { settings, ...expected } of cases) {
    it(`equals NumPy's with ${JSON.stringify(settings)}`, () => {
      const found = run(settings);
      closeTo(found.encoding, expected.encoding, 1e-8);
      closeTo(found.scaled, expected.scaled, 1e-8);
      closeTo(found.weights, expected.weights, 1e-8);
      closeTo(found.context, expected.context, 1e-8);
      closeTo(found.hidden, expected.hidden, 1e-8);
      closeTo(found.output, expected.output, 1e-8);
    });
  }

  it('is without position at position scale 0, whatever the encoding', () => {
    const without = run({ encoding: 'none', heads: 4 });
    for (const encoding of ['sinusoidal', 'learned', 'rope', 'alibi']) {
      const { weights } = run({ encoding, heads: 4 }, { positionScale: 0 });
      closeTo(weights, without.weights, 1e-12);
    }
  });

  it('takes the positions it is given', () => {
    const { encoding } = run({}, { positions: [5, 5, 5, 5, 5, 5] });
    closeTo(encoding.subarray(0, width), run({}).encoding.subarray(5 * width), 0);
  });

  it('refuses widths that an encoding cannot have and a learned table that is too short', () => {
    assert.throws(
      () => run({ heads: 1 }, { vectors: new Float64Array(6), width: 1 }),
      PositionError,
    );
    assert.throws(() => run({ encoding: 'learned' }, { learned: null }), /learned encoding/);
  });
});

describe('the seeded generator', () => {
  it('gives the same numbers in NumPy', () => {
    for (const [seed, expected] of [
      [1, generator.seed1],
      [4294967295, generator.seed4294967295],
    ] as const) {
      const next = seededGenerator(seed);
      closeTo(Array.from({ length: 5 }, next), expected, 0);
    }
    closeTo(glorotUniform(6, 3, 1), generator.glorot, 1e-8);
  });
});
