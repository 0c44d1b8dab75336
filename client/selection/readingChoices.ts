/** What weights can be read as, how several heads become one, and what rows and columns count. */
import { AGGREGATES, MERGES, READINGS, type Reading, type Selection } from '../../server/protocol';
import { choose, showsSeveral } from '../../server/selectionRules';
import type { Translate } from '../translate';
import { aggregateLabel, readingLabel } from './label';

export interface ReadingChoice {
  label: string;
  detail: string;
  /** Starts a group named so. */
  group?: string;
  selection: Selection;
  current: boolean;
}

/** All choices; how heads become one is left out where there is one head, or rollout decides. */
export function readingChoices(current: Selection, translate: Translate): ReadingChoice[] {
  const readings = READINGS.map((reading) => ({
    ...of(current, { reading }),
    label: readingLabel(reading, translate),
    detail: readingDetail(reading, translate),
  }));
  const aggregates = AGGREGATES.map((aggregate) => ({
    ...of(current, { aggregate }),
    label: aggregateLabel(aggregate, translate),
    detail:
      aggregate === 'max'
        ? translate('The largest weight that any of the heads gives.')
        : translate('The mean of the weights that the heads give.'),
  }));
  const units = MERGES.map((merge) => ({
    ...of(current, { merge }),
    label: merge === 'words' ? translate('by words') : translate('by tokens'),
    detail:
      merge === 'words'
        ? translate('The pieces of a word count as one.')
        : translate('Every piece of a word counts by itself.'),
  }));
  return [
    ...grouped(translate('Reading'), readings),
    ...(showsSeveral(current) ? grouped(translate('Several heads as one'), aggregates) : []),
    ...grouped(translate('Rows and columns'), units),
  ];
}

function of(
  current: Selection,
  part: Partial<Selection>,
): Pick<ReadingChoice, 'selection' | 'current'> {
  const [name, value] = Object.entries(part)[0] as [keyof Selection, unknown];
  return { selection: choose(current, part), current: current[name] === value };
}

function grouped(group: string, choices: ReadingChoice[]): ReadingChoice[] {
  return choices.map((choice, index) => (index === 0 ? { ...choice, group } : choice));
}

function readingDetail(reading: Reading, translate: Translate): string {
  switch (reading) {
    case 'raw':
      return translate('The model’s own weights.');
    case 'withoutSink':
      return translate(
        'Without what goes to special tokens and other sinks; the rest fills 100 %.',
      );
    case 'valueWeighted':
      return translate('Each weight times the length of what it brings (Kobayashi et al. 2020).');
    case 'rollout':
      return translate(
        'Through all layers up to the chosen one (Abnar & Zuidema 2020); it has no single heads.',
      );
  }
}
