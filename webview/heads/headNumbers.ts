import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { t } from '../text';
import { scoreOf } from './ranking';
import { STATISTICS, statisticText, type StatisticName } from './statisticNames';

/** The statistics of the head that is chosen; each leads to the heads that have it most. */
@customElement('al-head-numbers')
export class HeadNumbers extends LitElement {
  static override styles = css`
    :host {
      display: block;
      font-size: 12px;
      font-variant-numeric: tabular-nums;
    }
    h3 {
      font-size: 11px;
      font-weight: 600;
      margin: 14px 0 4px;
      padding-top: 8px;
      border-top: 1px solid var(--vscode-panel-border, transparent);
    }
    ul {
      list-style: none;
      margin: 0;
      padding: 0;
    }
    .stale {
      opacity: 0.45;
    }
    button {
      all: unset;
      display: flex;
      justify-content: space-between;
      gap: 8px;
      width: 100%;
      padding: 1px 2px;
      box-sizing: border-box;
      line-height: 17px;
      border-radius: 2px;
      cursor: pointer;
    }
    button:hover {
      background: var(--vscode-list-hoverBackground, var(--vscode-toolbar-hoverBackground));
    }
    button:focus-visible {
      outline: 1px solid var(--vscode-focusBorder);
      outline-offset: -1px;
    }
    .title {
      color: var(--vscode-descriptionForeground);
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
  `;

  @property({ attribute: false }) session!: Session;

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  protected override willUpdate(): void {
    if (this.session.selection.head !== null) this.session.wantStatistics();
  }

  override render(): TemplateResult | typeof nothing {
    const { layer, head } = this.session.selection;
    const { value, current } = this.session.statistics;
    const stale = this.session.stale || !current;
    if (layer === null || head === null || !value || value.heads <= head) return nothing;
    const rows = STATISTICS.map(
      (statistic) => [statistic, scoreOf(value, statistic.name, { layer, head })] as const,
    ).filter(([, score]) => !Number.isNaN(score));
    return html`<h3>${t('layer {0}, head {1} on this text', layer, head)}</h3>
      <ul class=${stale ? 'stale' : ''}>
        ${rows.map(([statistic, score]) => this.#row(statistic, score))}
      </ul>`;
  }

  #row(statistic: StatisticName, score: number): TemplateResult {
    const find = t('{0} Find the heads that have it most.', t(statistic.meaning));
    return html`<li>
      <button title=${find} @click=${() => this.#find(statistic)}>
        <span class="title">${t(statistic.title)}</span>
        <span>${statisticText(statistic, score)}</span>
      </button>
    </li>`;
  }

  #find({ name }: StatisticName): void {
    this.session.findHeads({ statistic: name, order: 'highest' });
  }
}
