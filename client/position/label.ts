/** How a change of position is named to the person, the same words in every place of the client. */
import type { EncodingChange } from '../../server/protocol';
import type { Translate } from '../translate';

/** Short, for a badge: "position off", "positions shifted by 3". */
export function changeLabel(change: EncodingChange, translate: Translate): string {
  switch (change.mode) {
    case 'off':
      return translate('position off');
    case 'scaled':
      return translate('position × {0}', change.scale);
    case 'shuffled':
      return translate('positions shuffled, seed {0}', change.seed);
    case 'reversed':
      return translate('positions reversed');
    case 'shifted':
      return translate('positions shifted by {0}', change.by);
    case 'frozen':
      return translate('all tokens at position {0}', change.at ?? 0);
  }
}
