import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '../map/legend';
import './pairMap';
import { weightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import { percent, tokenText } from '../format';
import { Lookup } from '../session/lookup';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import type { View } from '../views/view';
import type { PairCell } from './pairMap';
import type { PairMethods, PanelPair } from './protocol';

type Answer = PairMethods['pair']['result'];

/** What the document reads of the text that it was made from, in the decoder of an encoder-decoder. */
@customElement('al-pair-view')
export class PairView extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 8px;
        min-width: 0;
        min-height: 0;
      }
      header,
      footer {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
      }
      header button {
        margin-inline-start: auto;
      }
      footer {
        justify-content: space-between;
        min-height: 34px;
        font-variant-numeric: tabular-nums;
      }
      al-pair-map,
      .nothing {
        flex: 1;
      }
      .nothing p {
        max-width: 62ch;
        line-height: 1.5;
      }
      .hint {
        color: var(--vscode-descriptionForeground);
      }
      .stale {
        opacity: 0.45;
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) theme!: Theme;
  @state() private layer: number | null = null;
  @state() private head: number | null = null;
  @state() private cell: PairCell | null = null;

  readonly #answers = new Lookup<Answer>(() => this.requestUpdate());

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#answers.clear();
  }

  protected override willUpdate(): void {
    const { session } = this;
    const tokens = session.currentTokens;
    const decoder = session.state?.status?.model?.decoder;
    if (!tokens || !decoder) return;
    if ((this.layer ?? 0) >= decoder.layers) this.layer = null;
    if ((this.head ?? 0) >= decoder.heads) this.head = null;
    const { merge, reading } = session.selection;
    const { generation } = tokens;
    const asked = {
      ...{ generation, layer: this.layer, head: this.head, merge },
      reading: reading === 'rollout' ? 'raw' : reading,
    } as const;
    const name = [session.snapshot, sourcesOf(session), JSON.stringify(asked)].join('/');
    this.#answers.want(name, (signal) => session.channel.request('pair', asked, { signal }));
  }

  override render(): TemplateResult {
    if (!this.session.state?.status?.model?.decoder)
      return html`<div class="nothing">
        <p>
          ${t('This model reads one text: two texts need an encoder–decoder, such as T5 or BART.')}
        </p>
      </div>`;
    const { value, refusal } = this.#answers;
    const body = refusal
      ? html`<div class="nothing"><p role="alert">${refusal.message}</p></div>`
      : !value
        ? html`<div class="nothing">
            <p class="hint" role="status">${t('Reading both texts …')}</p>
          </div>`
        : value.pair
          ? this.#picture(value.pair)
          : html`<div class="nothing">
              <p>
                ${t('This model reads two texts: a source by its encoder, and beside it the text that is made from it by its decoder. No source is set for this document: open the text that it was made from, then choose it.')}
              </p>
            </div>`;
    return html`<header>${this.#pickers()} ${this.#source()}</header>
      ${body}`;
  }

  #source(): TemplateResult {
    return html`<button
      @click=${() => void this.session.channel.request('setSourceText', {}).catch(() => undefined)}
    >
      ${t('Set source text …')}
    </button>`;
  }

  #pickers(): TemplateResult | typeof nothing {
    const decoder = this.session.state?.status?.model?.decoder;
    if (!decoder) return nothing;
    return html`${picker(
      { label: t('Layer of the decoder'), all: t('all layers'), count: decoder.layers },
      this.layer,
      (layer) => (this.layer = layer),
    )}
    ${picker(
      { label: t('Head of the decoder'), all: t('mean'), count: decoder.heads },
      this.head,
      (head) => (this.head = head),
    )}`;
  }

  #picture(pair: PanelPair): TemplateResult {
    const max = pair.values.reduce((most, value) => Math.max(most, value), 0);
    const scale = weightScale(this.session.saved.scale, max, pair.keys.length);
    const stale = this.session.stale || !this.#answers.current;
    return html`<al-pair-map
        class=${stale ? 'stale' : ''}
        .pair=${pair}
        .theme=${this.theme}
        .scale=${scale}
        .cell=${this.cell}
        @point=${({ detail }: CustomEvent<PairCell | null>) => (this.cell = detail)}
      ></al-pair-map>
      <footer>
        <span role="status">${readout(pair, this.cell)}</span> ${windowsOf(pair)}
        <al-legend .scale=${scale} .theme=${this.theme}></al-legend>
      </footer>`;
  }
}

function picker(
  { label, all, count }: { label: string; all: string; count: number },
  chosen: number | null,
  take: (index: number | null) => void,
): TemplateResult {
  return html`<label
    >${label}
    <select
      aria-label=${label}
      @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        take(value === '' ? null : Number(value));
      }}
    >
      <option value="" .selected=${chosen === null}>${all}</option>
      ${Array.from(
        { length: count },
        (_, index) => html`<option value=${index} .selected=${index === chosen}>${index}</option>`,
      )}
    </select></label
  >`;
}

/** Which windows are looked at, where there are others. */
function windowsOf({ windows: [own, other] }: PanelPair): TemplateResult {
  const parts = [
    own && own.count !== 1 && t('this text: window {0} of {1}', own.index, own.count ?? '…'),
    other &&
      other.count !== 1 &&
      t('the source: window {0} of {1}', other.index, other.count ?? '…'),
  ].filter((part) => typeof part === 'string');
  return html`<span class="hint">${parts.join('; ')}</span>`;
}

function readout(pair: PanelPair, cell: PairCell | null): string {
  const { queries, keys, rows, columns, values } = pair;
  if (!cell || cell.row >= rows || cell.column >= columns)
    return t('Point at a cell to read its weight.');
  const weight = percent(values[cell.row * columns + cell.column] ?? 0);
  const query = tokenText(queries[Math.floor((cell.row * queries.length) / rows)] ?? '');
  const key = tokenText(keys[Math.floor((cell.column * keys.length) / columns)] ?? '');
  return rows === queries.length && columns === keys.length
    ? t('{0} reads {1}: {2}', query, key, weight)
    : t('of several tokens under one dot the largest: {0} of {1} to {2}', weight, query, key);
}

/** Changes with the source that is set, and with its text. */
function sourcesOf({ state }: Session): string {
  const { documents = [] } = state?.status ?? {};
  const own = documents.find(({ uri }) => uri === state?.document?.uri);
  const source = documents.find(({ uri }) => uri === own?.source);
  return source ? `${source.uri}@${source.version}` : '';
}

export const pairView: View = {
  id: 'pair',
  title: 'Two texts',
  icon: 'references',
  isAlone: true,
  render: ({ session, theme }) =>
    html`<al-pair-view .session=${session} .theme=${theme}></al-pair-view>`,
  sentence: (session) => {
    const { status, document } = session.state ?? {};
    const own = status?.documents.find(({ uri }) => uri === document?.uri);
    if (!own?.source) return `${t('No source text is set')}.`;
    const source = own.source.slice(own.source.lastIndexOf('/') + 1);
    const rolled = session.selection.reading === 'rollout';
    const shown = t(
      '{0}: cross-attention from this text, down, to {1}, across',
      document?.name ?? '',
      decodeName(source),
    );
    const note = t('rollout is defined within one text, so that raw weights are shown');
    return `${[shown, ...(rolled ? [note] : [])].join('; ')}.`;
  },
};

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
