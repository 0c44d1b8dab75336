import { align } from '../../server/analysis/alignment';
import type { AxisTokens } from '../map/axes';
import { Picture } from '../map/picture';
import type { Cell } from '../map/viewport';
import { tokenText } from '../format';
import type { Units } from '../session/units';
import { commonKeys } from './commonKeys';
import { absentOn, mergeAxis, unpaired, type MergedAxis, type SideIndex } from './mergedAxis';
import {
  differenceOf,
  mergedTile,
  strongestChanges,
  unpairedMass,
  weightOf,
  type Change,
  type SideWeights,
} from './mergedMaps';
import type { SideNumbers } from './side';

/** How many of the strongest changes are listed. */
const LISTED = 10;

/** Two sides on their common axis, with all that is drawn and said of them. */
export class Compared {
  readonly axis: MergedAxis;
  readonly weights: SideWeights;
  /** Names of the axis; what has no counterpart is struck. */
  readonly axes: AxisTokens;
  /** First, second, and second − first. */
  readonly pictures: readonly [Picture, Picture, Picture];
  /** By picture, places of the axis that it has nothing at. */
  readonly absent: readonly [ReadonlySet<number>, ReadonlySet<number>, ReadonlySet<number>];
  /** What rows with a counterpart pay to places without one, by side. */
  readonly mass: readonly [number, number];
  readonly changes: readonly Change[];
  /** The largest weight of both. */
  readonly largest: number;

  constructor(
    readonly sides: readonly [SideNumbers, SideNumbers],
    changed: () => void,
  ) {
    const [first, second] = sides;
    const counts = [first.units.texts.length, second.units.texts.length] as const;
    const pairs = align(...commonKeys(first, second));
    this.axis = mergeAxis(pairs, counts);
    this.weights = [first.weights, second.weights];
    this.absent = [absentOn(this.axis, 0), absentOn(this.axis, 1), unpaired(this.axis)];
    this.axes = this.#axisTokens();
    this.mass = [this.#mass(0), this.#mass(1)];
    this.changes = strongestChanges(this.axis, this.weights, LISTED);
    this.largest = Math.max(maximum(first.weights), maximum(second.weights));
    const picture = (name: string, valueAt: (cell: Cell) => number): Picture =>
      new Picture(
        name,
        first.selection,
        (plan) => {
          const { rows, columns } = plan;
          const values = mergedTile(valueAt, plan);
          return Promise.resolve({ generation: first.tokens.generation, rows, columns, values });
        },
        changed,
        () => undefined,
      );
    this.pictures = [
      picture('first', (cell) => weightOf(this.axis, this.weights, 0, cell)),
      picture('second', (cell) => weightOf(this.axis, this.weights, 1, cell)),
      picture('difference', (cell) => differenceOf(this.axis, this.weights, cell)),
    ];
  }

  get size(): number {
    return this.axis.size;
  }

  /** How many places both sides have. */
  get paired(): number {
    return this.size - this.absent[2].size;
  }

  /** The weights of a cell on both sides; NaN where a side has no such cell. */
  weightsAt(cell: Cell): [number, number] {
    return [weightOf(this.axis, this.weights, 0, cell), weightOf(this.axis, this.weights, 1, cell)];
  }

  /** A cell of the axis as a side's tokens; null where it has none. */
  tokensAt(side: SideIndex, { query, key }: Cell): Cell | null {
    const [row, column] = [this.axis.places[side][query] ?? -1, this.axis.places[side][key] ?? -1];
    const { units } = this.sides[side];
    if (row < 0 || column < 0) return null;
    return { query: units.tokensOf(row)[0], key: units.tokensOf(column)[0] };
  }

  /** The cell of the axis that a pair of a side's tokens falls into. */
  cellOf(side: SideIndex, { query, key }: Cell): Cell | null {
    const { units } = this.sides[side];
    const [row, column] = [units.of(query), units.of(key)].map(
      (unit) => this.axis.onAxis[side][unit],
    );
    return row === undefined || column === undefined ? null : { query: row, key: column };
  }

  #mass(side: SideIndex): number {
    return unpairedMass(this.axis, this.weights, side);
  }

  #axisTokens(): AxisTokens {
    const special = new Set<number>();
    const isSpecial = this.sides.map(({ units }) => new Set(units.special));
    const texts = Array.from({ length: this.axis.size }, (_, at) => {
      const side: SideIndex = this.axis.places[0][at]! < 0 ? 1 : 0;
      const place = this.axis.places[side][at]!;
      if (isSpecial[side]!.has(place)) special.add(at);
      return tokenText(textsOf(this.sides[side].units)[place] ?? '');
    });
    return { texts, special, struck: this.absent[2] };
  }
}

const textsOf = ({ texts }: Units): readonly string[] => texts;

function maximum(values: Float32Array): number {
  let max = 0;
  for (const value of values) if (value > max) max = value;
  return max;
}
