/** Changes a JSON value at random places into what nobody would have written there. */
import type { Random } from './random';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const MOST_STEPS = 4;

const STRANGE: readonly ((random: Random) => Json)[] = [
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => 1,
  () => 0.5,
  () => 1e9,
  () => 2 ** 53,
  () => 1e308,
  () => '',
  () => '\ud800',
  () => '__proto__',
  () => 'a'.repeat(10_000),
  () => '(a+)+$',
  () => '(?=(x+x+)+y)\\p{L}{1,9999}',
  () => [],
  () => ({}),
  () => nested(2000),
  (random) => Array.from({ length: random.below(200) }, (_, at) => at),
];

/** A changed copy. */
export function mutateJson(value: Json, random: Random): Json {
  const copy = { root: structuredClone(value) };
  for (let step = 1 + random.below(MOST_STEPS); step > 0; step--) change(copy, random);
  return copy.root;
}

function change(holder: { root: Json }, random: Random): void {
  const places = placesIn(holder);
  const { parent, key } = random.pick(places);
  const container = parent as { [key: string]: Json };
  switch (random.below(4)) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else if (key !== 'root') delete container[key];
      break;
    case 1:
      container[key] = structuredClone(container[key] ?? null);
      if (Array.isArray(parent)) parent.push(structuredClone(parent[Number(key)] ?? null));
      break;
    case 2: {
      const other = random.pick(places);
      const taken = (other.parent as { [key: string]: Json })[other.key];
      container[key] = structuredClone(taken ?? null);
      break;
    }
    default:
      container[key] = random.pick(STRANGE)(random);
  }
}

interface Place {
  parent: Json[] | { [key: string]: Json };
  key: string;
}

function placesIn(holder: { root: Json }): Place[] {
  const places: Place[] = [{ parent: holder, key: 'root' }];
  for (let at = 0; at < places.length && places.length < 5000; at++) {
    const { parent, key } = places[at]!;
    const value = (parent as { [key: string]: Json })[key];
    if (value === null || typeof value !== 'object') continue;
    for (const inner of Object.keys(value)) places.push({ parent: value, key: inner });
  }
  return places;
}

function nested(depth: number): Json {
  let value: Json = [];
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}
