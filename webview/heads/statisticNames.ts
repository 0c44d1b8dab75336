import { compact, percent, signed } from '../format';
import type { PanelString } from '../strings';
import { t } from '../text';

/** How a statistic is told to people. */
export interface StatisticName {
  name: string;
  title: PanelString;
  /** One plain sentence; docs/protocol.md has the definition. */
  meaning: PanelString;
  unit: 'weight' | 'difference' | 'bits' | 'tokens';
  /** Why a text may have nothing that it could be seen on. */
  absent?: PanelString;
}

/** In the order in which they are offered. */
export const STATISTICS: readonly StatisticName[] = [
  {
    name: 'previousToken',
    title: 'Previous token',
    meaning: 'How much weight a token puts on the one before it.',
    unit: 'weight',
  },
  {
    name: 'nextToken',
    title: 'Next token',
    meaning: 'How much weight a token puts on the one after it.',
    unit: 'weight',
  },
  {
    name: 'self',
    title: 'Itself',
    meaning: 'How much weight a token puts on itself.',
    unit: 'weight',
  },
  {
    name: 'induction',
    title: 'Induction',
    meaning:
      'How much more than evenly spread attention a token puts on what followed it earlier in the text.',
    unit: 'difference',
    absent: 'no token comes again',
  },
  {
    name: 'duplicateToken',
    title: 'Duplicate token',
    meaning: 'How much weight a token that comes again puts on its other places.',
    unit: 'weight',
    absent: 'no token comes again',
  },
  {
    name: 'sameIdentifier',
    title: 'Same identifier',
    meaning:
      'How much weight an identifier puts on its other occurrences; in prose every word counts as one.',
    unit: 'weight',
    absent: 'no identifier comes again',
  },
  {
    name: 'matchingBracket',
    title: 'Matching bracket',
    meaning: 'How much weight a bracket puts on the one it is paired with.',
    unit: 'weight',
    absent: 'there is no pair of brackets',
  },
  {
    name: 'newline',
    title: 'Ends of lines',
    meaning:
      'How much weight goes to line breaks or, where the tokenizer leaves those out, to the last token of each line.',
    unit: 'weight',
    absent: 'there is only one line',
  },
  {
    name: 'sinkShare',
    title: 'Sink share',
    meaning:
      'How much weight goes to the sink: template tokens and first tokens that draw it whatever the text says.',
    unit: 'weight',
  },
  {
    name: 'entropy',
    title: 'Entropy',
    meaning: 'How widely a head reads: few bits for few tokens, many for many alike.',
    unit: 'bits',
  },
  {
    name: 'meanDistance',
    title: 'Mean distance',
    meaning: 'How many tokens away the tokens are that a head reads, on average.',
    unit: 'tokens',
  },
  {
    name: 'distanceSpread',
    title: 'Spread of distance',
    meaning: 'How much that distance varies: little for a fixed reach, much for near and far.',
    unit: 'tokens',
  },
];

/** What is offered first. */
export const FIRST_STATISTIC = 'previousToken';

export function statisticName(name: string): StatisticName | undefined {
  return STATISTICS.find((each) => each.name === name);
}

/** A value of the statistic with its unit. */
export function statisticText({ unit }: StatisticName, value: number): string {
  if (Number.isNaN(value)) return '–';
  switch (unit) {
    case 'weight':
      return percent(value);
    case 'difference':
      return signed(Math.round(value * 1000) === 0 ? 0 : value, percent);
    case 'bits':
      return t('{0} bits', compact(value));
    case 'tokens':
      return t('{0} tokens', compact(value));
  }
}
