/** A link to what is looked at: a file, a place in it, a view and a head. It sets nothing else. */
import { PANEL_VIEWS, type PanelView } from '../../webview/protocol';
import type { Translate } from '../translate';

/** The path of the extension's URI that opens a place. */
export const LINK_PATH = '/open';

/** Lines and characters are counted from 0, as in the protocol. */
export interface Link {
  /** An absolute path, or a URI. */
  file: string;
  position: { line: number; character: number };
  view: PanelView | null;
  layer: number | null;
  head: number | null;
}

/** A link that cannot be followed; the message is a sentence for the person. */
export class LinkError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LinkError';
  }
}

/**
 * The link's parts; other keys are ignored. In the link, lines and characters are counted from 1,
 * as editors do. Throws {@link LinkError} naming the part that is wrong.
 */
export function readLink(path: string, query: string, translate: Translate): Link {
  if (path !== LINK_PATH)
    throw new LinkError(
      translate('The link must begin with “{0}”; nothing was opened.', LINK_PATH),
    );
  // A plus sign in a file's name is no space.
  const values = new URLSearchParams(query.replaceAll('+', '%2B'));
  const file = values.get('file');
  if (!file) throw new LinkError(translate('The link names no file; nothing was opened.'));
  const whole = (name: string, least: number): number | null => {
    const text = values.get(name);
    if (text === null) return null;
    const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    if (number >= least) return number;
    throw new LinkError(
      translate(
        '“{0}” of the link must be a whole number from {1}; nothing was opened.',
        name,
        least,
      ),
    );
  };
  const view = values.get('view');
  const known = PANEL_VIEWS.find((each) => each === view) ?? null;
  if (view !== null && known === null)
    throw new LinkError(
      translate('The link’s view must be one of {0}; nothing was opened.', PANEL_VIEWS.join(', ')),
    );
  return {
    file,
    position: { line: (whole('line', 1) ?? 1) - 1, character: (whole('character', 1) ?? 1) - 1 },
    view: known,
    layer: whole('layer', 0),
    head: whole('head', 0),
  };
}

/**
 * The link as text; `scheme` is that of the editor's own URIs. Values are written twice encoded:
 * an editor decodes the query once before anybody can split it.
 */
export function writeLink(scheme: string, authority: string, link: Link): string {
  const { file, position, view, layer, head } = link;
  const values = {
    file,
    line: position.line + 1,
    character: position.character + 1,
    view,
    layer,
    head,
  };
  const query = Object.entries(values)
    .flatMap(([name, value]) => (value === null ? [] : [`${name}=${twice(String(value))}`]))
    .join('&');
  return `${scheme}://${authority}${LINK_PATH}?${query}`;
}

function twice(text: string): string {
  return encodeURIComponent(encodeURIComponent(text));
}
