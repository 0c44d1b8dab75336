/** How the layers of a model tell positions apart, where they do not all do it alike. */
import type { LayerScheme, PositionScheme, RopeScheme } from '../protocol';

/** The scheme of a model by those of its layers, of which there is at least one. */
export function schemeOfLayers(layers: readonly LayerScheme[]): PositionScheme {
  const kinds = new Map<string, LayerScheme>();
  const names = layers.map((scheme) => {
    const name = JSON.stringify(scheme);
    kinds.set(name, scheme);
    return name;
  });
  const [first, ...others] = kinds.values();
  if (!first) return { kind: 'unknown' };
  if (others.length === 0) return first;
  const order = [...kinds.keys()];
  return {
    kind: 'perLayer',
    schemes: [first, ...others],
    layers: names.map((name) => order.indexOf(name)),
  };
}

/** What a layer has; `unknown` for one that is not told of. */
export function schemeOfLayer(position: PositionScheme, layer: number): LayerScheme {
  if (position.kind !== 'perLayer') return position;
  return position.schemes[position.layers[layer] ?? -1] ?? { kind: 'unknown' };
}

/** The rotary encoding that all layers which turn have in common; null where there is no such one. */
export function commonRope(position: PositionScheme): RopeScheme | null {
  const schemes = position.kind === 'perLayer' ? position.schemes : [position];
  const [rope, ...others] = schemes.filter((scheme) => scheme.kind === 'rope');
  return rope && others.length === 0 ? rope : null;
}

/** Each scheme with the layers that have it, as people write them: "0–4, 6"; one without layers where all are alike. */
export function layersByScheme(
  position: PositionScheme,
): { scheme: LayerScheme; layers: string | null }[] {
  if (position.kind !== 'perLayer') return [{ scheme: position, layers: null }];
  return position.schemes.map((scheme, which) => ({
    scheme,
    layers: runs([...position.layers.keys()].filter((layer) => position.layers[layer] === which)),
  }));
}

/** Ascending numbers, neighbours drawn together. */
function runs(numbers: readonly number[]): string {
  const spans: [first: number, last: number][] = [];
  for (const number of numbers) {
    const last = spans.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else spans.push([number, number]);
  }
  return spans
    .map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`))
    .join(', ');
}
