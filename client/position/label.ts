/** How a change of position is named to the person: the words of the hover's badge. */
import type { EncodingChange } from '../../server/protocol';
import type { Translate } from '../translate';

/** Short, for a badge: "position off", "position shifted by 3". */
export function changeLabel(change: EncodingChange, translate: Translate): string {
  switch (change.mode) {
    case 'off':
      return translate('position off');
    case 'scaled':
      return translate('position × {0}', change.scale);
    case 'shuffled':
      return translate('position shuffled');
    case 'reversed':
      return translate('position reversed');
    case 'shifted':
      return translate('position shifted by {0}', change.by);
    case 'frozen':
      return translate('position frozen at {0}', change.at ?? 0);
    case 'base':
      return translate('RoPE base {0}', change.base);
    case 'linear':
      return translate('RoPE linear × {0}', change.factor);
    case 'ntk':
      return translate('RoPE NTK × {0}', change.factor);
    case 'yarn':
      return translate('RoPE YaRN × {0}', change.factor);
    case 'slopes':
      return translate('ALiBi slopes changed');
  }
}
