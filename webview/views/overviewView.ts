import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import '../heads/finderBar';
import '../heads/headGrid';
import '../map/legend';
import type { Theme } from '../color/theme';
import { overviewExport } from '../export/views/overview';
import type { ExportableView, MaybeExportable } from '../export/exportable';
import { foundHeads } from '../heads/foundHeads';
import { statisticName } from '../heads/statisticNames';
import { railScale } from '../heads/thumbnails';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { t } from '../text';
import { encodingName, readingName, windowName } from './sentence';
import type { View } from './view';

/** Every layer × head, as large as the room allows. */
@customElement('al-overview-view')
export class OverviewView extends LitElement implements ExportableView {
  static override styles = css`
    :host {
      display: flex;
      flex-direction: column;
      gap: 6px;
      min-width: 0;
      min-height: 0;
    }
    al-head-grid {
      flex: 1;
      padding: 3px;
    }
    .stale {
      opacity: 0.45;
    }
    footer {
      display: flex;
      justify-content: flex-end;
    }
  `;

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) theme!: Theme;

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  exportable(): MaybeExportable {
    const { session } = this;
    const title = overviewView.sentence(session);
    return overviewExport(session, foundHeads(session), title, this.clientWidth);
  }

  protected override willUpdate(): void {
    if (this.session.saved.finder.statistic !== null) this.session.wantStatistics();
  }

  override render(): TemplateResult {
    const { answers, saved, stale } = this.session;
    const scale = railScale(answers, saved.scale);
    return html`<al-finder-bar .session=${this.session}></al-finder-bar>
      <al-head-grid
        large
        class=${stale ? 'stale' : ''}
        .session=${this.session}
        .theme=${this.theme}
        .found=${foundHeads(this.session)}
        @open=${() => this.dispatchEvent(new CustomEvent('open'))}
      ></al-head-grid>
      <footer><al-legend .scale=${scale} .theme=${this.theme}></al-legend></footer>`;
  }
}

export const overviewView: View = {
  id: 'overview',
  title: 'Overview',
  icon: 'symbol-numeric',
  isRail: true,
  render: ({ session, theme, show }) =>
    html`<al-overview-view
      .session=${session}
      .theme=${theme}
      @open=${() => show('head')}
    ></al-overview-view>`,
  sentence: (session) => {
    if (session.selection.reading === 'rollout')
      return t(
        'Rollout up to each of the {0} layers, in the column of means; it mixes the heads, so that none has a picture of its own.',
        session.model?.layers ?? 0,
      );
    const parts = [
      subject(session),
      scored(session),
      encodingName(session.selection.encoding),
      windowName(session),
      leftOutName(session),
    ];
    return `${parts.filter((part) => part !== null).join('; ')}.`;
  },
};

/** Which layers have no pictures. */
function leftOutName({ model }: Session): string | null {
  const layers = model?.leftOut?.map(({ layer }) => layer) ?? [];
  if (layers.length === 0) return null;
  return layers.length === 1
    ? t('layer {0} is not shown', layers[0]!)
    : t('layers {0} are not shown', layers.join(', '));
}

/** By what the heads are ordered, where that is not the window shown. */
function scored(session: Session): string | null {
  return foundHeads(session) && session.ofWholeFile ? t('scores of the whole file') : null;
}

function subject(session: Session): string {
  const { model, saved } = session;
  const { order, statistic } = saved.finder;
  const found = foundHeads(session);
  const reading = readingName(session.selection.reading);
  if (!found || statistic === null || order === 'model')
    return t(
      'All {0} layers × {1} heads, {2}: rows are reading tokens, columns what they read; one colour scale for all',
      model?.layers ?? 0,
      model?.heads ?? 0,
      reading,
    );
  const title = t(statisticName(statistic)?.title ?? 'Overview');
  return order === 'highest'
    ? t(
        'The {0} heads highest by “{1}”, {2}: rows are reading tokens, columns what they read; one colour scale for all',
        found.heads.length,
        title,
        reading,
      )
    : t(
        'The {0} heads lowest by “{1}”, {2}: rows are reading tokens, columns what they read; one colour scale for all',
        found.heads.length,
        title,
        reading,
      );
}
