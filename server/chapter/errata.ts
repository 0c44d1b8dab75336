/**
 * What the chapter prints that is not so, with what is right. Each number on the right
 * side is computed when the list is made; the texts are keys of translations.
 */
import {
  encodingOfOne,
  firstQuery,
  integerEncoding,
  integration,
  joinedPair,
  scaledPrintedEncoding,
  scoreCounts,
  sumOfKeys,
  sumOfPrintedScores,
  undividedArgument,
  undividedSpread,
} from './errataNumbers';
import { PRINTED } from './printed';
import { figures, statement, type Statement } from './statement';
import { weightedSum } from './weightedSum';

export interface Erratum {
  /** From 1. */
  number: number;
  /** Of the chapter, e.g. `4.1.5`; several joined by commas. */
  section: string;
  title: Statement;
  printed: Statement;
  right: Statement;
  reason: Statement;
}

/** All findings in order, computed afresh. */
export function errata(): Erratum[] {
  return [
    missingSoftmax(),
    keyWidth(),
    scaledScores(),
    printedSum(),
    rightResult(),
    exponent(),
    weightedKeys(),
    program(),
    scaledEncoding(),
    integrationExample(),
    wirings(),
    references(),
    normalising(),
  ];
}

function missingSoftmax(): Erratum {
  const { scores, output } = firstQuery(1);
  const unweighted = weightedSum(scores, PRINTED.values, 1)[0]!;
  return {
    number: 1,
    section: '4.1.4',
    title: statement('The total formula leaves the softmax out'),
    printed: statement('Attention is Σ (q·k/√d_k)·v.'),
    right: statement(
      'Attention is Σ softmax(q·k/√d_k)·v. For the first query of §4.1.5 that is {0}; without the softmax it would be {1}.',
      figures(output, 4),
      figures(unweighted, 0),
    ),
    reason: statement('Scores are not weights; §2.1 and the code of the chapter have the softmax.'),
  };
}

function keyWidth(): Erratum {
  return {
    number: 2,
    section: '4.1.5',
    title: statement('√d_k is taken as the root of the number of tokens'),
    printed: statement('√d_k = √{0}.', figures(PRINTED.keyWidth, 0)),
    right: statement('√d_k = {0}.', figures(firstQuery(1).divisor, 0)),
    reason: statement(
      'd_k is the width of a key (Vaswani et al. 2017, §3.2.1). The keys are single numbers; {0} is how many there are.',
      figures(PRINTED.keys.length, 0),
    ),
  };
}

function scaledScores(): Erratum {
  const { scores, scaled, divisor } = firstQuery(PRINTED.keyWidth);
  return {
    number: 3,
    section: '4.1.5',
    title: statement('The scaled scores are wrong even with √5'),
    printed: statement('The scaled scores are {0}.', figures(PRINTED.scaledScores, 2)),
    right: statement(
      '{0} divided by {1} are {2}.',
      figures(scores, 0),
      figures(divisor, 4),
      figures(scaled, 4),
    ),
    reason: statement('It is a slip in the division.'),
  };
}

function printedSum(): Erratum {
  return {
    number: 4,
    section: '4.1.5',
    title: statement('The sum is wrong even with its own weights'),
    printed: statement(
      '{0} times {1}, added up, is {2}.',
      figures(PRINTED.scaledScores, 2),
      figures(PRINTED.values, 0),
      figures(PRINTED.output, 1),
    ),
    right: statement('Added up, these are {0}.', figures(sumOfPrintedScores(), 1)),
    reason: statement('It is a slip in the addition, on top of scores taken for weights.'),
  };
}

function rightResult(): Erratum {
  const [one, five] = [firstQuery(1), firstQuery(PRINTED.keyWidth)];
  return {
    number: 5,
    section: '4.1.5',
    title: statement('The right result of the example'),
    printed: statement('The output for the first query is {0}.', figures(PRINTED.output, 1)),
    right: statement(
      'With d_k = 1 the weights are {0} and the output is {1}; with √5 as the divisor they are {2} and {3}.',
      figures(one.weights, 6),
      figures(one.output, 4),
      figures(five.weights, 6),
      figures(five.output, 4),
    ),
    reason: statement(
      'Weights are at least 0 and sum to 1, so an output lies between the smallest and the largest value, {0} and {1}.',
      figures(Math.min(...PRINTED.values), 0),
      figures(Math.max(...PRINTED.values), 0),
    ),
  };
}

function exponent(): Erratum {
  return {
    number: 6,
    section: '3.2',
    title: statement("The encoding's exponent lacks the division by the width"),
    printed: statement(
      'The exponent of 10000 is 2d; the example has {0} at position 1.',
      figures(PRINTED.encoding[0], 0),
    ),
    right: statement(
      'The exponent is 2j/d, where j counts pairs of columns: with d = 4, position 1 is encoded as {0}.',
      figures(encodingOfOne(4), 4),
    ),
    reason: statement(
      'With 10000^(2·2) the argument at position 1 is {0}, and over five positions the sine changes by {1}: all positions look the same.',
      figures(undividedArgument(2), 0),
      figures(undividedSpread(2), 0),
    ),
  };
}

function weightedKeys(): Erratum {
  return {
    number: 7,
    section: '3.1',
    title: statement('Values are weighted, not keys'),
    printed: statement('Step 3 says in words that the keys are weighted and added up.'),
    right: statement(
      'The values are. In §4.1.5 they give {0}; the keys would give {1}.',
      figures(firstQuery(1).output, 4),
      figures(sumOfKeys(), 4),
    ),
    reason: statement(
      'Keys decide how much is read, values are what is read; the total formula of §4.1.4 has v as well.',
    ),
  };
}

function program(): Erratum {
  const { entries, broken, firstBrokenColumn } = integerEncoding();
  const { all, printed } = scoreCounts();
  return {
    number: 8,
    section: '5.2, 5.4',
    title: statement('The program does not run as printed'),
    printed: statement('A program, and results that it is said to give.'),
    right: statement(
      'From column {0} on its encoding divides by zero: {1} of {2} entries are infinite or undefined. It takes {3} scores where there are {4}.',
      figures(firstBrokenColumn, 0),
      figures(broken, 0),
      figures(entries, 0),
      figures(printed, 0),
      figures(all, 0),
    ),
    reason: statement(
      'The integer power 10000^(2·(j//2)) overflows 64 bits. Each token is scored with itself alone; weights [batch, n] cannot multiply values [batch, n, d_v]; pad_sequences needs a list of sequences; an embedding layer is given fractions; the encoding is added to token ids; and what is encoded never reaches attention.',
    ),
  };
}

function scaledEncoding(): Erratum {
  const right = scaledPrintedEncoding();
  return {
    number: 9,
    section: '4.2.4',
    title: statement("The scaled encoding's arithmetic"),
    printed: statement(
      'sin({0} · {1}) is {2}, and the result has two components.',
      figures(PRINTED.encoding[0], 0),
      figures(PRINTED.scale, 0),
      figures(PRINTED.scaledEncoding, 0),
    ),
    right: statement(
      'sin({0} · {1}) is {2}, and the result has {3} components: {4}.',
      figures(PRINTED.encoding[0], 0),
      figures(PRINTED.scale, 0),
      figures(right[0]!, 0),
      figures(right.length, 0),
      figures(right, 4),
    ),
    reason: statement(
      'The formula puts the sines and the cosines of all components side by side, which doubles the width.',
    ),
  };
}

function integrationExample(): Erratum {
  const { inputNew, context } = integration('formula');
  return {
    number: 10,
    section: '4.3.3',
    title: statement("The integration example's attention"),
    printed: statement(
      'Attention over {0} is assumed to be {1}.',
      figures(inputNew, 1),
      figures(PRINTED.assumedAttention, 1),
    ),
    right: statement('With q = k = v and d_k = 1 it is {0}.', figures(context, 4)),
    reason: statement(
      'A weighted mean lies between the smallest and the largest value, {0} and {1}. The MLP, W and b of the example are assumed too; those of the Chapter model are stated.',
      figures(Math.min(...inputNew), 1),
      figures(Math.max(...inputNew), 1),
    ),
  };
}

function wirings(): Erratum {
  const [formula, words, diagram] = (['formula', 'words', 'diagram'] as const).map((wiring) =>
    joinedPair(integration(wiring), 0),
  ) as [Float64Array, Float64Array, Float64Array];
  return {
    number: 11,
    section: '2.3, 3.3',
    title: statement('The diagram, the words and the formulas disagree'),
    printed: statement(
      'In the diagram of §2.3 the encoding passes attention by; the words of §3.3 join attention with the encoding; its formula joins it with Input_new.',
    ),
    right: statement(
      'The formulas are followed and all three can be chosen. The first token of §4.3.3 enters the MLP as [{0}] by the formula, [{1}] by the words, [{2}] by the diagram.',
      figures(formula, 4),
      figures(words, 4),
      figures(diagram, 4),
    ),
    reason: statement('Adding the encoding first is the order of Vaswani et al. 2017.'),
  };
}

function references(): Erratum {
  return {
    number: 12,
    section: '7, 10',
    title: statement('References'),
    printed: statement(
      'Two works under other names, and three that could not be found: Vaswani et al. 2018 on relational networks, Sun et al. 2019, and Zhao et al. 2018 on compressed tensors.',
    ),
    right: statement(
      '"Computer Vision: Algorithms and Applications" is by Szeliski; "Learning Representations by Maximizing Mutual Information Across Views" is by Bachman et al. 2019. The three are not cited.',
    ),
    reason: statement('A reference that cannot be found supports nothing.'),
  };
}

function normalising(): Erratum {
  const { weights } = firstQuery(PRINTED.keyWidth);
  return {
    number: 13,
    section: '3.1',
    title: statement('Scaling is not normalising'),
    printed: statement('Dividing by √d_k puts the weights between 0 and 1.'),
    right: statement(
      "The softmax does. The chapter's own scaled scores reach from {0} to {1}; the weights of the right ones are {2}, and sum to {3}.",
      figures(Math.min(...PRINTED.scaledScores), 2),
      figures(Math.max(...PRINTED.scaledScores), 2),
      figures(weights, 4),
      figures(
        weights.reduce((sum, weight) => sum + weight, 0),
        0,
      ),
    ),
    reason: statement(
      'Dividing keeps scores from growing with the width, so that the softmax does not become one-hot (Vaswani et al. 2017, §3.2.1).',
    ),
  };
}
