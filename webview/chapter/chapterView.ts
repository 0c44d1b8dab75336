import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import './chapterControls';
import './errataPage';
import type { ChapterSettings } from '../../server/chapter/controls';
import type { Theme } from '../color/theme';
import { tokenText } from '../format';
import type { PanelStages } from '../protocol';
import { encodingKey } from '../session/lens';
import { Lookup } from '../session/lookup';
import { chapterExport } from '../export/views/chapter';
import type { ExportableView, MaybeExportable } from '../export/exportable';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import { encodingName, windowName } from '../views/sentence';
import type { View } from '../views/view';
import { chapterStyles } from './chapterStyles';
import { documentEntries } from './documentEntries';
import { pairTable } from './pairTable';
import { stageCard } from './stageCard';

const ERRATA = 'errata';

/** The Chapter model: its controls, and every tensor of its pipeline for the token at hand. */
@customElement('al-chapter-view')
export class ChapterView extends LitElement implements ExportableView {
  static override styles = [controlStyles, chapterStyles];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) theme!: Theme;

  readonly #stages = new Lookup<PanelStages>(() => this.requestUpdate());

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stages.clear();
  }

  exportable(): MaybeExportable {
    const { value, current } = this.#stages;
    const errata = this.session.saved.page === ERRATA;
    if (errata || !this.session.state?.chapter) return null;
    if (!value || !current) return 'notYet';
    return chapterExport(this.session, value, chapterView.sentence(this.session));
  }

  protected override willUpdate(): void {
    const { session } = this;
    const tokens = session.currentTokens;
    if (!session.state?.chapter || !tokens || session.saved.page === ERRATA) return;
    const { encoding } = session.selection;
    const { generation } = tokens;
    const token = Math.min(this.#token(), tokens.texts.length - 1);
    const key = this.#key();
    const name = [
      session.snapshot,
      JSON.stringify(session.state.chapter),
      encodingKey(encoding),
      token,
      key,
    ].join('/');
    this.#stages.want(name, (signal) =>
      session.channel.request('stages', { generation, token, key, encoding }, { signal }),
    );
  }

  override render(): TemplateResult {
    const errata = this.session.saved.page === ERRATA;
    return html`${this.#pages(errata)}
    ${
      errata
        ? html`<al-errata class="scroll" .session=${this.session}></al-errata>`
        : this.#pipeline()
    }`;
  }

  #pages(errata: boolean): TemplateResult {
    const page = (name: string, title: string, chosen: boolean): TemplateResult =>
      html`<button
        aria-pressed=${chosen ? 'true' : 'false'}
        @click=${() => this.session.save({ page: name })}
      >
        ${title}
      </button>`;
    return html`<div class="segments pages" role="group" aria-label=${t('Page')}>
      ${page('pipeline', t('Pipeline'), !errata)} ${page(ERRATA, t('Errata'), errata)}
    </div>`;
  }

  #pipeline(): TemplateResult {
    const settings = this.session.state?.chapter;
    if (!settings) return this.#invitation();
    return html`${this.#settings(settings)}
      <div class="scroll" tabindex="0" aria-label=${t('Stages of the pipeline')}>
        ${this.#content()}
      </div>`;
  }

  /** A document of numbers decides for itself; the controls would do nothing. */
  #settings(settings: ChapterSettings): TemplateResult | typeof nothing {
    const { session } = this;
    if (!session.tokens?.numbers)
      return html`<al-chapter-controls
        .settings=${settings}
        @change=${({ detail }: CustomEvent<Partial<ChapterSettings>>) => session.setChapter(detail)}
      ></al-chapter-controls>`;
    const { value } = this.#stages;
    return value ? documentEntries(value.settings, session.model?.position) : nothing;
  }

  #invitation(): TemplateResult {
    return html`<div class="invitation">
      <p>
        ${t('The Chapter model is a textbook’s attention pipeline on this document, every number to be looked at.')}
      </p>
      <button class="primary" @click=${() => this.session.selectModel('chapter')}>
        ${t('Use the Chapter model')}
      </button>
    </div>`;
  }

  #content(): TemplateResult | typeof nothing {
    const { value, refusal } = this.#stages;
    if (refusal) return html`<p role="alert">${refusal.message}</p>`;
    if (!value) return html`<p class="muted" role="status">${t('Computing the stages …')}</p>`;
    const query = this.#name(value.token);
    return html`${this.#pickers(value)}
      ${value.notes.map((note) => html`<p class="note">${note}</p>`)}
      ${value.pair ? pairTable(value.pair, query, this.#name(value.pair.key)) : nothing}
      <ol class="stages">
        ${value.stages.map((stage, index) => stageCard(stage, index + 1, this.theme))}
      </ol>`;
  }

  /** The token whose tensors are shown, and the key that it is paired with. */
  #pickers({ token, pair }: PanelStages): TemplateResult {
    const names = this.session.tokens?.texts ?? [];
    const list = (
      label: string,
      chosen: number | null,
      optional: boolean,
      take: (token: number | null) => void,
    ): TemplateResult =>
      html`<label
        >${label}
        <select
          aria-label=${label}
          @change=${(event: Event) => {
            const { value } = event.target as HTMLSelectElement;
            take(value === '' ? null : Number(value));
          }}
        >
          ${optional ? html`<option value="" .selected=${chosen === null}>${t('none')}</option>` : nothing}
          ${names.map(
            (_, index) =>
              html`<option value=${index} .selected=${index === chosen}>
                ${index} ${this.#name(index)}
              </option>`,
          )}
        </select></label
      >`;
    const { session } = this;
    const key = pair?.key ?? null;
    return html`<div class="pickers">
      ${list(t('Token'), token, false, (query) =>
        session.choose(query === null ? null : { query, key: key ?? query }),
      )}
      ${list(t('read with the key'), key, true, (chosen) =>
        session.choose(chosen === null ? null : { query: token, key: chosen }),
      )}
      <span class="muted">${t('or the cursor in the editor, or a cell of a map')}</span>
    </div>`;
  }

  #token(): number {
    return this.session.chosen?.query ?? this.session.cursor ?? 0;
  }

  #key(): number | null {
    return this.session.chosen?.key ?? null;
  }

  #name(token: number): string {
    return tokenText(this.session.tokens?.texts[token] ?? '');
  }
}

export const chapterView: View = {
  id: 'chapter',
  title: 'Chapter',
  icon: 'book',
  isAlone: true,
  render: ({ session, theme }) =>
    html`<al-chapter-view .session=${session} .theme=${theme}></al-chapter-view>`,
  sentence: (session) => {
    if (session.saved.page === ERRATA)
      return t('Where the textbook chapter is wrong; every number is computed now.');
    if (!session.state?.chapter) return t('Another model is in use.');
    const parts = [
      t('The chapter’s pipeline, stage by stage, for one token'),
      encodingName(session.selection.encoding),
      windowName(session),
    ];
    return `${parts.filter((part) => part !== null).join('; ')}.`;
  },
};
