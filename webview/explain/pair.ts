import type { Cell } from '../map/viewport';
import type { Session } from '../session/session';
import { strongest } from '../token/ranking';

/**
 * The pair to explain: the chosen cell, else the chosen token or that at the editor's cursor with what it reads
 * most, sink and template left out. Null while that is not known.
 */
export function explainedPair(session: Session): Cell | null {
  const { chosen, cursor, units } = session;
  if (!units) return null;
  if (chosen && !chosen.isToken) return { query: chosen.query, key: chosen.key };
  const token = chosen?.query ?? cursor;
  if (token === null) return null;
  const row = session.rows.peek(token, 'reads');
  if (!row) return null;
  const apart = new Set([...units.special, ...(row.sink?.tokens ?? [])]);
  const [key] = strongest(row.weights, 1, apart);
  // A word stands for its first piece: a single weight is one of two tokens.
  return key ? { query: token, key: units.tokensOf(key.token)[0] } : null;
}
