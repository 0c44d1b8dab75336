/** The numbers that the errata speak of, each from the functions that the product itself uses. */
import { scaleEncoding } from '../positional/encodingScale';
import { sinusoidalTable } from '../positional/sinusoidal';
import { readNumberDocument } from './numberDocument';
import { runNumberDocument } from './numberPipeline';
import type { ChapterTensors } from './pipeline';
import { PRINTED } from './printed';
import type { Wiring } from './controls';
import { scoreDivisor, similarities } from './similarity';
import { softmaxRows } from './softmax';
import { weightedSum } from './weightedSum';
import { WORKED_EXAMPLES, type WorkedExample } from './workedExamples';

/** §4.1.5's first query: how it scores, what it weighs and what comes out, with d_k as given. */
export interface FirstQuery {
  /** What scores are divided by, √d_k. */
  divisor: number;
  /** [key] */
  scores: Float64Array;
  scaled: Float64Array;
  weights: Float64Array;
  output: number;
}

/** The first query of §4.1.5 for a width of the keys. */
export function firstQuery(keyWidth: number): FirstQuery {
  const scores = similarities('scaledDot', PRINTED.queries.slice(0, 1), PRINTED.keys, 1);
  const divisor = scoreDivisor('scaledDot', keyWidth);
  const scaled = scores.map((score) => score / divisor);
  const weights = softmaxRows(scaled, scaled.length);
  return { divisor, scores, scaled, weights, output: weightedSum(weights, PRINTED.values, 1)[0]! };
}

/** Values added up by what the chapter prints as scaled scores. */
export function sumOfPrintedScores(): number {
  return weightedSum(PRINTED.scaledScores, PRINTED.values, 1)[0]!;
}

/** Keys instead of values added up by the first query's weights. */
export function sumOfKeys(): number {
  return weightedSum(firstQuery(1).weights, PRINTED.keys, 1)[0]!;
}

/** The printed exponent, 2d without a division, for width d = 2 at position 1. */
export function undividedArgument(width: number): number {
  return 10_000 ** -(PRINTED.exponentFactor * width);
}

/** How much the sine of the printed argument changes over §5.2's positions at most. */
export function undividedSpread(width: number): number {
  const sines = Array.from({ length: PRINTED.programTokens }, (_, position) =>
    Math.sin(position * undividedArgument(width)),
  );
  return Math.max(...sines) - Math.min(...sines);
}

/** The right encoding of position 1, [width]. */
export function encodingOfOne(width: number): Float64Array {
  return sinusoidalTable(2, width).subarray(width);
}

/** What the 64-bit integers of §5.2's encoding come to. */
export interface IntegerEncoding {
  /** Cells of the table. */
  entries: number;
  /** Cells divided by zero. */
  broken: number;
  /** The first column whose divisor is zero. */
  firstBrokenColumn: number;
}

/** Counts the cells of position ÷ 10000^(2·(column div 2)) that are infinite or undefined in 64-bit integers. */
export function integerEncoding(): IntegerEncoding {
  const { programTokens, programWidth } = PRINTED;
  const divisors = Array.from({ length: programWidth }, (_, column) =>
    Number(BigInt.asIntN(64, 10_000n ** BigInt(2 * Math.floor(column / 2)))),
  );
  const cells = Array.from({ length: programTokens }, (_, position) =>
    divisors.map((divisor) => position / divisor),
  ).flat();
  return {
    entries: cells.length,
    broken: cells.filter((cell) => !Number.isFinite(cell)).length,
    firstBrokenColumn: divisors.indexOf(0),
  };
}

/** How many scores n tokens have with each other, and how many §5.2 computes. */
export function scoreCounts(): { all: number; printed: number } {
  const all = similarities('scaledDot', PRINTED.queries, PRINTED.keys, 1);
  return { all: all.length, printed: PRINTED.queries.length };
}

/** The chapter's formula on the vector of §4.2.4: four components, sines first. */
export function scaledPrintedEncoding(): Float64Array {
  return scaleEncoding(PRINTED.encoding, PRINTED.scale, 'chapter');
}

/** §4.3.3 run as a document, in a wiring. */
export function integration(wiring: Wiring): ChapterTensors {
  const document = readNumberDocument(exampleText('4.3.3'));
  return runNumberDocument(document, { ...document.settings, wiring });
}

/** What one token's MLP gets, [2 · width] of the width-1 example. */
export function joinedPair(tensors: ChapterTensors, token: number): Float64Array {
  return tensors.concatenation.subarray(2 * token, 2 * token + 2);
}

function exampleText(section: WorkedExample['section']): string {
  return WORKED_EXAMPLES.find((example) => example.section === section)!.text;
}
