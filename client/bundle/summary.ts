import type { Translate } from '../translate';
import type { Bundle } from './bundle';

/** What is in a bundle, in one sentence. */
export function bundleSummary({ manifest, maps }: Bundle, translate: Translate): string {
  const { document, model, created, writtenBy, window, heads, selection } = manifest;
  const precision = (maps.weights ?? maps.shown)?.precision ?? '';
  const { layers, heads: perLayer } = model;
  const what =
    heads === null
      ? translate('the weights of all {0} heads as {1}', layers * perLayer, precision)
      : translate('the weights of {0} heads and what was shown, as {1}', heads.length, precision);
  const position = selection.encoding
    ? translate(', position changed ({0})', selection.encoding.mode)
    : '';
  return translate(
    'Bundle of “{0}”, saved on {1} by {2}: {3} on {4} tokens, from {5}{6}.',
    ...([document.name, created.slice(0, 10), writtenBy, what] as const),
    ...([window.tokens, model.name, position] as const),
  );
}
