/** The chapter's errata in the reader's language, their numbers computed when asked for. */
import { errata } from '../chapter/errata';
import { statementText } from '../chapter/statement';
import type { ErrataResult } from '../protocol';

export function errataAnswer(): ErrataResult {
  return {
    errata: errata().map(({ number, section, title, printed, right, reason }) => ({
      number,
      section,
      title: statementText(title),
      printed: statementText(printed),
      right: statementText(right),
      reason: statementText(reason),
    })),
  };
}
