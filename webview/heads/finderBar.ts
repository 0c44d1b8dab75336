import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { percent } from '../format';
import type { PanelStatistics } from '../protocol';
import { SessionObserver } from '../session/observer';
import type { Saved } from '../session/saved';
import type { Session } from '../session/session';
import { controlStyles } from '../shell/controlStyles';
import type { PanelString } from '../strings';
import { t } from '../text';
import type { HeadOrder } from './ranking';
import { statisticName, STATISTICS, statisticText, type StatisticName } from './statisticNames';

/** What rests on fewer tokens than this says more about them than about the head. */
const FEW_TOKENS = 20;
const TOPS = [6, 12, 24] as const;
const SCOPES: readonly { scope: 'window' | 'document'; title: PanelString }[] = [
  { scope: 'window', title: 'this window' },
  { scope: 'document', title: 'whole file' },
];
const ORDERS: readonly { order: HeadOrder; title: PanelString }[] = [
  { order: 'model', title: 'by layer' },
  { order: 'highest', title: 'highest first' },
  { order: 'lowest', title: 'lowest first' },
];

/** Chooses by what heads are looked for, and says what that means on this text. */
@customElement('al-finder-bar')
export class FinderBar extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        font-size: 12px;
        font-variant-numeric: tabular-nums;
      }
      .controls {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 10px;
      }
      .segments {
        margin: 0;
      }
      p {
        margin: 6px 0 0;
        line-height: 1.45;
        min-height: 2.9em;
        max-width: 70em;
      }
      .caution {
        color: var(--vscode-editorWarning-foreground, var(--vscode-foreground));
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  override render(): TemplateResult {
    const { finder } = this.session.saved;
    const statistic = finder.statistic === null ? undefined : statisticName(finder.statistic);
    return html`<div class="controls">
        <label>
          ${t('Find heads')}
          <select @change=${(event: Event) => this.#choose(event)}>
            <option value="" ?selected=${!statistic}>${t('all, by layer')}</option>
            ${STATISTICS.map(
              ({ name, title }) =>
                html`<option value=${name} ?selected=${name === statistic?.name}>
                  ${t(title)}
                </option>`,
            )}
          </select>
        </label>
        ${statistic ? this.#how() : nothing}
      </div>
      ${statistic ? this.#about(statistic) : nothing}`;
  }

  #how(): TemplateResult {
    const { finder } = this.session.saved;
    const save = (part: Partial<Saved['finder']>): void =>
      this.session.save({ finder: { ...finder, ...part } });
    return html`<span class="segments" role="group" aria-label=${t('Order of the heads')}>
        ${ORDERS.map(
          ({ order, title }) =>
            html`<button
              aria-pressed=${finder.order === order ? 'true' : 'false'}
              @click=${() => save({ order })}
            >
              ${t(title)}
            </button>`,
        )}
      </span>
      ${this.session.windowCount === 1 ? nothing : this.#scopes(save)}
      <label>
        ${t('show')}
        <select
          @change=${(event: Event) => {
            const { value } = event.target as HTMLSelectElement;
            save({ top: value === '' ? null : Number(value) });
          }}
        >
          ${TOPS.map(
            (top) =>
              html`<option value=${top} ?selected=${finder.top === top}>
                ${t('{0} heads', top)}
              </option>`,
          )}
          <option value="" ?selected=${finder.top === null}>${t('all heads')}</option>
        </select>
      </label>`;
  }

  /** A file of several windows can be looked at as a whole. */
  #scopes(save: (part: Partial<Saved['finder']>) => void): TemplateResult {
    const { scope: chosen } = this.session.saved.finder;
    return html`<span class="segments" role="group" aria-label=${t('What of the text counts')}>
      ${SCOPES.map(
        ({ scope, title }) =>
          html`<button
            aria-pressed=${chosen === scope ? 'true' : 'false'}
            @click=${() => save({ scope })}
          >
            ${t(title)}
          </button>`,
      )}
    </span>`;
  }

  #about(statistic: StatisticName): TemplateResult {
    const { ofWholeFile, file, statistics } = this.session;
    const { value, refusal } = ofWholeFile ? file.statistics : statistics;
    const meaning = t(statistic.meaning);
    if (this.session.selection.reading === 'rollout')
      return html`<p role="status">
        ${t('Rollout mixes the heads of a layer: it has a picture for each layer.')}
      </p>`;
    if (refusal) return html`<p role="alert">${refusal.message}</p>`;
    if (!value) return html`<p role="status">${meaning} ${t('Computing it for all heads …')}</p>`;
    return html`<p role="status">
      ${meaning} ${evenSentence(statistic, value)} ${cautionSentence(statistic, value)}
      ${coverageSentence(value)}
      ${
        this.session.selection.reading === 'raw'
          ? nothing
          : html`<span class="muted">${t('Scores are always of the raw weights.')}</span>`
      }
    </p>`;
  }

  #choose(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    const { finder } = this.session.saved;
    this.session.save({ finder: { ...finder, statistic: value === '' ? null : value } });
  }
}

/** What to compare a score with. */
function evenSentence(
  statistic: StatisticName,
  { even }: PanelStatistics,
): string | typeof nothing {
  const value = even[statistic.name];
  if (value === undefined || value === null || statistic.unit === 'difference') return nothing;
  return t('Evenly spread attention would have {0}.', statisticText(statistic, value));
}

/** How much of the file is in it. */
function coverageSentence({ coverage }: PanelStatistics): TemplateResult | typeof nothing {
  if (!coverage) return nothing;
  const { windows, of, tokens, total } = coverage;
  return html`<span class=${windows < of ? 'caution' : 'muted'}
    >${
      windows < of
        ? t(
            'So far {0} of {1} windows are in it, with {2} of the file’s tokens.',
            windows,
            of,
            percent(total === 0 ? 0 : tokens / total),
          )
        : t('All {0} windows of the file are in it.', of)
    }</span
  >`;
}

function cautionSentence({ name, absent }: StatisticName, { counted }: PanelStatistics) {
  const count = counted[name] ?? 0;
  if (count === 0)
    return html`<span class="caution"
      >${absent ? t('Not to be seen on this text: {0}.', t(absent)) : t('Not to be seen on this text.')}</span
    >`;
  if (count < FEW_TOKENS)
    return html`<span class="caution"
      >${
        count === 1
          ? t('It rests on one token only, which says little about a head.')
          : t('It rests on {0} tokens only, which says little about a head.', count)
      }</span
    >`;
  return html`<span class="muted">${t('It rests on {0} tokens.', count)}</span>`;
}
