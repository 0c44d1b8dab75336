import { percent } from '../format';
import type { Session } from '../session/session';
import { t } from '../text';
import { mergeName, readingName, selectionName, windowName } from '../views/sentence';
import type { Compared } from './compared';
import { isSame } from './comparison';
import { sourceName } from './names';

/** What is compared, how many tokens both have, and what lies on the others. */
export function compareSentence(session: Session): string {
  const { comparison, selection } = session;
  const [first, second] = [comparison.source(0), comparison.source(1)];
  const head = selectionName(session);
  const reading = readingName(selection.reading);
  if (!first || !second) return `${t('{0}, {1}: nothing is compared yet', head, reading)}.`;
  const names = [first, second].map((source) => sourceName(session, source));
  const { shown, current } = comparison;
  const parts = [
    t('{0}, {1}: A is {2}, B is {3}', head, reading, names[0] ?? '', names[1] ?? ''),
    isSame(first, second) ? t('both sides are the same') : null,
    ...(shown && current ? alignmentParts(shown) : []),
    mergeName(selection.merge),
    windowName(session),
  ];
  return `${parts.filter((part) => part !== null).join('; ')}.`;
}

function alignmentParts(compared: Compared): (string | null)[] {
  const [first, second] = compared.sides.map(({ units }) => units.texts.length);
  const { paired, mass, changes } = compared;
  const equal = paired > 0 && changes.length === 0 ? t('no weight differs') : null;
  if (paired === first && paired === second) return [equal];
  return [
    equal,
    t('{0} tokens are the same, of {1} in A and {2} in B', paired, first ?? 0, second ?? 0),
    paired === 0
      ? null
      : t(
          'on tokens that the other side lacks lie {0} of A’s rows and {1} of B’s, so that rows of the difference do not sum to 0',
          percent(mass[0]),
          percent(mass[1]),
        ),
  ];
}
