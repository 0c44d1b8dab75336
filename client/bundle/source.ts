/** What the panel looks at, as a bundle is gathered from it. */
import { ChannelError } from '../../channel/channel';
import { fitSelection } from '../../server/selectionRules';
import type { Range } from '../../server/protocol';
import type { HostSide, PanelState } from '../../webview/protocol';
import type { PanelEditors } from '../panel/editors';
import type { Gaze } from '../panel/gaze';
import type { Translate } from '../translate';
import { stale } from '../panel/pageFailure';
import type { BundleSource } from './gather';

/** Whatever its length: editors clamp ranges. */
const ALL: Range = {
  start: { line: 0, character: 0 },
  end: { line: 2 ** 31 - 1, character: 0 },
};

/** Makes a bundle, and has the person say where it goes; false: they gave up. */
export type BundleSaver = (source: BundleSource, signal: AbortSignal) => Promise<boolean>;

interface Parts {
  editors: PanelEditors;
  saveBundle: BundleSaver;
  translate: Translate;
}

type Asked = HostSide['methods']['saveBundle'];

/** Has what the panel looks at put into a bundle. Rejects with `stale` when the text has changed. */
export async function saveWindow(
  gaze: Gaze,
  parts: Parts,
  state: PanelState,
  asked: Asked['params'],
  signal: AbortSignal,
): Promise<Asked['result']> {
  const source = await sourceOf(gaze, parts, state, asked, signal);
  return { saved: await parts.saveBundle(source, signal) };
}

async function sourceOf(
  gaze: Gaze,
  parts: Parts,
  { selection, chapter, status }: PanelState,
  { generation, saved, chosen }: Asked['params'],
  signal: AbortSignal,
): Promise<BundleSource> {
  if ((selection.stack ?? 'encoder') !== 'encoder')
    throw new ChannelError(
      'notInBundle',
      parts.translate(
        'A bundle cannot hold a decoder’s attention beside an encoder yet; choose the encoder’s.',
      ),
    );
  const tokens = await gaze.ask('attentionLens/tokens', {}, generation, signal);
  const { document } = gaze;
  const text = document && parts.editors.textAt(document.uri, tokens.version, ALL);
  if (!document || text === null) throw stale();
  return {
    ask: (method, rest, given) => gaze.ask(method, rest, generation, given),
    ...{ name: document.name, text, tokens, saved, chosen },
    selection: fitSelection(selection, tokens.model),
    chapter,
    engine: status?.engine ?? { backend: '', threads: 0, detail: '', passedOver: [] },
  };
}
