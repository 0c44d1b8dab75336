import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import './textLegend';
import './textSurface';
import { weightScale, type WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import { percent, tokenText } from '../format';
import type { PanelRow, PanelText, PanelTokens } from '../protocol';
import { lookedToken } from '../session/looked';
import { Lookup } from '../session/lookup';
import { textExport } from '../export/views/shadedText';
import type { ExportableView, MaybeExportable } from '../export/exportable';
import type { Run } from '../session/rows';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { SinkTokens } from '../session/sinkTokens';
import { weightsOfTokens, type Units } from '../session/units';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import { strongest } from '../token/ranking';
import {
  encodingName,
  mergeName,
  readingName,
  selectionName,
  shareOfSink,
  windowName,
} from '../views/sentence';
import type { View } from '../views/view';
import { textLines, type Line } from './segments';
import { largestShade, segmentShades, type Directions, type Shades } from './shades';
import type { TextSurface } from './textSurface';

const DIRECTIONS: readonly Directions[] = ['both', 'reads', 'readBy'];

/** As many as a person listens to. */
const SPOKEN = 5;

/** The newest token (or run of them) with both of its rows: halves of two tokens are never mixed. */
interface Shown {
  /** Of several the first. */
  token: number;
  /** Those that are selected in the editor, as one query. */
  run: Run | null;
  tokens: PanelTokens;
  /** What the rows count. */
  units: Units;
  reads: PanelRow;
  readBy: PanelRow;
}

/** Backgrounds by segment, with what they were made from. */
interface Drawn {
  from: readonly unknown[];
  scale: WeightScale;
  shades: Shades;
}

/** The document's text, shaded by what one token reads and by what reads it. */
@customElement('al-text-view')
export class TextView extends LitElement implements ExportableView {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 6px;
        min-width: 0;
        min-height: 0;
      }
      al-text-surface {
        flex: 1;
        min-height: 120px;
      }
      header,
      footer {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 4px 14px;
        font-size: 12px;
        min-height: 28px;
        font-variant-numeric: tabular-nums;
      }
      code {
        font-family: var(--vscode-editor-font-family, monospace);
        font-size: 1.1em;
        font-weight: 600;
        color: inherit;
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) theme!: Theme;
  @query('al-text-surface') private surface!: TextSurface | null;

  readonly #sink: SinkTokens;
  readonly #text: Lookup<PanelText>;
  #lines: { text: PanelText; tokens: PanelTokens; lines: readonly Line[] } | null = null;
  #shown: Shown | null = null;
  #shades: Drawn | null = null;

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
    this.#sink = new SinkTokens(
      () => this.session,
      () => this.requestUpdate(),
    );
    this.#text = new Lookup<PanelText>(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.point(null);
  }

  exportable(): MaybeExportable {
    const { session, surface } = this;
    const written = this.#lines;
    if (!written || !surface || written.tokens !== session.currentTokens) return 'notYet';
    const shown = this.#shown?.tokens === written.tokens ? this.#shown : null;
    const shading = this.#shading(written.lines);
    return textExport({
      ...{ session, title: textSentence(session), texts: written.tokens.texts },
      token: shown?.token ?? null,
      last: shown?.run ? shown.run.tokens[1] - 1 : null,
      ...surface.layout(),
      shades: shading?.shades ?? null,
      scale: shading?.scale ?? null,
      directions: session.saved.directions,
      weights: shown && {
        reads: weightsOfTokens(shown.units, shown.reads.weights),
        readBy: weightsOfTokens(shown.units, shown.readBy.weights),
      },
    });
  }

  override render(): TemplateResult | typeof nothing {
    this.#follow();
    const written = this.#lines;
    if (!written) return this.#text.refusal ? html`<p>${this.#text.refusal.message}</p>` : nothing;
    const { session } = this;
    const shading = this.#shading(written.lines);
    return html`<header>${this.#title(written.tokens)} ${this.#directions()}</header>
      <al-text-surface
        .lines=${written.lines}
        .theme=${this.theme}
        .shades=${shading?.shades ?? null}
        .token=${this.#token(written.tokens)}
        .pinned=${written.tokens === session.currentTokens ? this.#outlined() : NONE}
        .label=${this.#label()}
        ?stale=${session.stale}
        @point=${({ detail }: CustomEvent<number | null>) => session.point(lookedToken(detail))}
        @choose=${({ detail }: CustomEvent<number | null>) => session.choose(lookedToken(detail))}
        @reveal=${({ detail }: CustomEvent<number>) =>
          session.reveal({ query: detail, key: detail })}
        @explain=${({ detail }: CustomEvent<number>) => {
          session.choose(lookedToken(detail));
          session.save({ view: 'explain' });
        }}
      ></al-text-surface>
      <footer>
        ${
          shading
            ? html`<al-text-legend
                .scale=${shading.scale}
                .theme=${this.theme}
                .directions=${session.saved.directions}
              ></al-text-legend>`
            : html`<span class="muted"
                >${t('Point at a word to see what it reads, and what reads it.')}</span
              >`
        }
        ${this.#sinkNote()}
      </footer>
      <div class="unseen" role="status">${this.#spoken()}</div>`;
  }

  protected override updated(): void {
    const { chosen, cursor, currentTokens } = this.session;
    const token = chosen?.query ?? cursor;
    if (token !== null && currentTokens === this.#lines?.tokens) this.surface?.show(token);
  }

  /** Asks for the text of the newest tokens; what is there stays until it is here. */
  #follow(): void {
    const { currentTokens: tokens, snapshot, channel } = this.session;
    if (!tokens) return;
    const { generation } = tokens;
    this.#text.want(snapshot, (signal) => channel.request('text', { generation }, { signal }));
    const text = this.#text.value;
    if (text?.generation === generation && text !== this.#lines?.text)
      this.#lines = {
        text,
        tokens,
        lines: textLines(text.text, tokens.window.range.start, tokens.ranges),
      };
    this.#inspect(tokens);
  }

  #inspect(tokens: PanelTokens): void {
    const { asked, inspected, rows, units } = this.session;
    if (asked === null || inspected === null) {
      this.#shown = null;
      return;
    }
    const reads = rows.peek(asked, 'reads');
    const readBy = rows.peek(asked, 'readBy');
    const run = typeof asked === 'number' ? null : asked;
    if (units && reads && readBy)
      this.#shown = { token: inspected, run, tokens, units, reads, readBy };
  }

  #shading(lines: readonly Line[]): Drawn | null {
    const shown = this.#shown;
    if (!shown || shown.tokens !== this.#lines?.tokens) return null;
    const { scale: kind, directions } = this.session.saved;
    const without = this.#sink.tokens;
    const from = [shown.reads, shown.readBy, lines, kind, directions, without];
    if (this.#shades?.from.every((part, index) => part === from[index])) return this.#shades;
    const weights = {
      reads: weightsOfTokens(shown.units, shown.reads.weights),
      readBy: weightsOfTokens(shown.units, shown.readBy.weights),
    };
    const max = largestShade(weights, directions, without);
    const scale = weightScale(kind, max, shown.tokens.texts.length);
    const shades = segmentShades(lines, weights, directions, scale);
    return (this.#shades = { from, scale, shades });
  }

  /** What is pinned, and all of a query of several tokens. */
  #outlined(): readonly number[] {
    const { asked, pinned } = this.session;
    if (asked === null || typeof asked === 'number') return pinned;
    const [start, end] = asked.tokens;
    return [...pinned, ...Array.from({ length: end - start }, (_, at) => start + at)];
  }

  /** The outline moves at once; its shades follow when they are here. */
  #token(tokens: PanelTokens): number | null {
    return tokens === this.session.currentTokens ? this.session.inspected : null;
  }

  #title(tokens: PanelTokens): TemplateResult {
    const token = this.#shown?.token ?? this.#token(tokens);
    const { selection } = this.session;
    const parts = [selectionName(this.session), readingName(selection.reading)];
    const [start, end] = this.#shown?.run?.tokens ?? [token ?? 0, (token ?? 0) + 1];
    const [first = '', last = ''] = [tokens.texts[start], tokens.texts[end - 1]];
    const several = end - start > 1;
    const number = several
      ? t('tokens {0} to {1} of {2}', start, end - 1, tokens.texts.length)
      : t('token {0} of {1}', start, tokens.texts.length);
    return html`<span>
      ${
        token === null
          ? nothing
          : html`<code>${tokenText(first)}${several ? ` … ${tokenText(last)}` : ''}</code>`
      }
      <span class="muted">
        ${token === null ? nothing : html`${number} · `}${parts.join(', ')}
      </span>
    </span>`;
  }

  #directions(): TemplateResult {
    const { directions } = this.session.saved;
    const names = { both: t('both directions'), reads: t('reads'), readBy: t('read by') };
    return html`<span
      class="segments"
      role="radiogroup"
      aria-label=${t('Directions')}
      @keydown=${(event: KeyboardEvent) => this.#turn(event)}
    >
      ${DIRECTIONS.map(
        (name) =>
          html`<button
            role="radio"
            aria-checked=${name === directions ? 'true' : 'false'}
            tabindex=${name === directions ? '0' : '-1'}
            @click=${() => this.session.save({ directions: name })}
          >
            ${names[name]}
          </button>`,
      )}
    </span>`;
  }

  #turn(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = DIRECTIONS.indexOf(this.session.saved.directions);
    const next = (at + step + DIRECTIONS.length) % DIRECTIONS.length;
    this.session.save({ directions: DIRECTIONS[next] ?? 'both' });
    const buttons = this.renderRoot.querySelectorAll<HTMLElement>('[role=radio]');
    buttons[next]?.focus();
  }

  #sinkNote(): TemplateResult | typeof nothing {
    const sink = this.#shown?.reads.sink;
    if (!sink || this.session.saved.directions === 'readBy') return nothing;
    const names = sink.tokens.map((unit) => tokenText(this.#shown?.units.texts[unit] ?? ''));
    const { selection } = this.session;
    const share = shareOfSink(selection, sink.share);
    const named = names.join(' ');
    const isRow = selection.reading === 'raw' || selection.reading === 'withoutSink';
    return html`<span class="muted"
      >${
        isRow
          ? t('{0} goes to the sink ({1})', share, named)
          : t('As raw weight, {0} goes to the sink ({1})', share, named)
      }</span
    >`;
  }

  /** In words what the shades show; only for the token that was chosen, not at every move. */
  #spoken(): string {
    const shown = this.#shown;
    if (!shown || shown.token !== this.session.chosen?.query) return '';
    const { units, token, reads, readBy } = shown;
    const without = new Set([...this.#sink.tokens].map((sink) => units.of(sink)));
    const list = (weights: Float32Array): string =>
      strongest(weights, SPOKEN, without)
        .map((one) => `${tokenText(units.texts[one.token] ?? '')} ${percent(one.weight)}`)
        .join(', ') || t('nothing');
    return t(
      '{0}, token {1}: reads {2}; read by {3}',
      tokenText(units.texts[units.of(token)] ?? ''),
      token,
      list(reads.weights),
      list(readBy.weights),
    );
  }

  #label(): string {
    return `${textSentence(this.session)} ${t('Arrow keys choose a token, Enter shows it in the editor, e explains its strongest weight, Escape lets go of it.')}`;
  }
}

const NONE: readonly number[] = [];

function textSentence(session: Session): string {
  const parts = [
    t(
      '{0}, {1}: the text, filled by how much the chosen token reads of it, underlined by how much it is read there',
      selectionName(session),
      readingName(session.selection.reading),
    ),
    encodingName(session.selection.encoding),
    mergeName(session.selection.merge),
    windowName(session),
  ];
  return `${parts.filter((part) => part !== null).join('; ')}.`;
}

export const textView: View = {
  id: 'text',
  title: 'Text',
  icon: 'whole-word',
  render: ({ session, theme }) =>
    html`<al-text-view .session=${session} .theme=${theme}></al-text-view>`,
  sentence: textSentence,
};
