import type { Cell } from '../map/viewport';

/** What is pointed at or chosen: one weight or, where `isToken`, its query as a whole. */
export interface Looked extends Cell {
  isToken?: true;
}

/** A token as a whole, for views whose marks are tokens rather than weights. */
export function lookedToken(token: number | null): Looked | null {
  return token === null ? null : { query: token, key: token, isToken: true };
}
