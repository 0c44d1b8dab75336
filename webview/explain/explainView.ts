import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '../chapter/vectorStrip';
import '../laboratory/pairCard';
import type { Theme } from '../color/theme';
import { compact, percent, tokenText } from '../format';
import { sharesBar } from '../laboratory/sharesBar';
import type { Cell } from '../map/viewport';
import type { PanelExplanation } from '../protocol';
import { Lookup } from '../session/lookup';
import { explanationExport } from '../export/views/explanation';
import type { ExportableView, MaybeExportable } from '../export/exportable';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import { encodingName, windowName } from '../views/sentence';
import type { View } from '../views/view';
import { strongestHeads } from './arithmetic';
import { explainStyles } from './explainStyles';
import { explainedPair } from './pair';
import { productSection } from './productSection';
import { scoreSection, softmaxSection, valueSection } from './scoreSection';

/** Heads that are offered for a pair. */
const OFFERED_HEADS = 6;

/** An explanation with what it is of; `head` null: no single head is chosen, only the pair's heads are known. */
type Explained = PanelExplanation & { pair: Cell; layer: number; head: number | null };

/** One weight of one head, from two vectors to what it brings; every number is the model's own. */
@customElement('al-explain-view')
export class ExplainView extends LitElement implements ExportableView {
  static override styles = [controlStyles, explainStyles];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) theme!: Theme;
  @state() private allDimensions = false;
  /** The pair whose share by shuffling was asked for. */
  @state() private shuffled: string | null = null;
  readonly #explanation = new Lookup<Explained>(() => this.requestUpdate());

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#explanation.clear();
  }

  exportable(): MaybeExportable {
    const { session } = this;
    const { value, current } = this.#explanation;
    const { layer: chosenLayer, head: chosenHead } = session.selection;
    if (chosenLayer === null || chosenHead === null || !explainedPair(session)) return null;
    if (!value || !current || value.head === null) return 'notYet';
    const { pair, layer, head } = value;
    const title = explainView.sentence(session);
    return explanationExport({ session, title, explanation: value, pair, layer, head });
  }

  protected override willUpdate(): void {
    const { session } = this;
    const { layer, head, encoding } = session.selection;
    const pair = explainedPair(session);
    const generation = session.currentTokens?.generation;
    if (!pair || generation === undefined) return;
    const one = layer !== null && head !== null;
    const asked = one ? { layer, head } : { layer: layer ?? 0, head: head ?? 0 };
    this.#explanation.want(this.#name(pair), async (signal) => ({
      ...(await session.channel.request(
        'explain',
        { generation, ...asked, ...pair, encoding },
        { signal },
      )),
      pair,
      layer: asked.layer,
      head: one ? asked.head : null,
    }));
  }

  override render(): TemplateResult {
    const { value, refusal, current } = this.#explanation;
    if (refusal) return html`<p role="alert">${refusal.message}</p>`;
    if (!value)
      return html`<p class="muted" role="status">
        ${
          explainedPair(this.session)
            ? t('Taking the weight apart …')
            : t(
                'Choose a cell in the map, or put the cursor on a word in the editor: here its weight is computed step by step.',
              )
        }
      </p>`;
    return html`<div class=${current && !this.session.stale ? '' : 'stale'}>
      ${this.#title(value)}${value.head === null ? this.#chooseHead(value) : this.#steps(value)}
    </div>`;
  }

  #name({ query, key }: Cell): string {
    const { layer, head, encoding } = this.session.selection;
    return `${this.session.snapshot}/${layer}/${head}/${query}/${key}/${JSON.stringify(encoding)}`;
  }

  #title({ pair, layer, head, weight }: Explained): TemplateResult {
    return html`<h2>
        <code>${this.#token(pair.query)}</code> ${t('reads')}
        <code>${this.#token(pair.key)}</code>${head === null ? nothing : html` ${percent(weight)}`}
      </h2>
      <p class="muted">
        ${t('tokens {0} and {1}', pair.query, pair.key)}${
          head === null ? nothing : html` · ${t('Layer {0}, head {1}', layer, head)}`
        }
      </p>`;
  }

  #chooseHead(explained: Explained): TemplateResult {
    return html`<p role="status">
        ${t('A mean of heads has no score of its own. Choose one head; these read this token most:')}
      </p>
      ${this.#heads(explained)}`;
  }

  #heads({ heads }: Explained): TemplateResult {
    const { session } = this;
    const { layer, head } = session.selection;
    const ranked = strongestHeads(heads, session.model?.heads ?? 1, OFFERED_HEADS);
    return html`<div class="heads" role="group" aria-label=${t('This pair in other heads')}>
      ${ranked.map(
        (each) =>
          html`<button
            aria-pressed=${each.layer === layer && each.head === head ? 'true' : 'false'}
            @click=${() => this.#select(each)}
          >
            ${t('{0}.{1}: {2}', each.layer, each.head, percent(each.weight))}
          </button>`,
      )}
    </div>`;
  }

  /** The pair stays, whichever way it was come by. */
  #select({ layer, head }: { layer: number; head: number }): void {
    const pair = this.#explanation.value?.pair;
    if (pair) this.session.choose(pair);
    this.session.select({ layer, head, heads: null });
  }

  #steps(explained: Explained): TemplateResult {
    return html`${productSection(explained, {
        theme: this.theme,
        all: this.allDimensions,
        toggle: () => (this.allDimensions = !this.allDimensions),
      })}
      ${scoreSection(explained)}
      ${softmaxSection(explained, explained.pair.key, (token) => this.#token(token))}
      ${valueSection(explained)}${this.#position(explained)}
      <section>
        <h3>${t('This pair in other heads')}</h3>
        ${this.#heads(explained)}
      </section>`;
  }

  #position(explained: Explained): TemplateResult | typeof nothing {
    const { estimate, masked, pair } = explained;
    if (estimate) return this.#estimate(estimate);
    if (masked || this.session.selection.encoding) return nothing;
    const name = this.#name(pair);
    if (this.shuffled === name)
      return html`<section><al-pair-card .session=${this.session}></al-pair-card></section>`;
    return html`<section>
      <h3>${t('Position or content?')}</h3>
      <p class="muted">
        ${t('Here only shuffled texts can tell; that analyses the text several times.')}
      </p>
      <button
        @click=${() => {
          this.session.choose(pair);
          this.shuffled = name;
        }}
      >
        ${t('Estimate by shuffling')}
      </button>
    </section>`;
  }

  #estimate({
    position,
    content,
    limits,
  }: NonNullable<PanelExplanation['estimate']>): TemplateResult {
    const bars = sharesBar(position, content);
    const row = (kind: 'position' | 'content', value: number): TemplateResult =>
      html`<tr>
        <td>${t(kind)}</td>
        <td>
          <div class="bar" aria-hidden="true">
            <i
              class=${value < 0 ? 'minus' : ''}
              .style=${`left:${bars[kind].left}%;width:${bars[kind].width}%`}
            ></i
            ><span class="zero" .style=${`left:${bars.zero}%`}></span>
          </div>
        </td>
        <td>${compact(value)}</td>
      </tr>`;
    return html`<section>
      <h3>${t('Position or content?')}</h3>
      <table>
        <colgroup>
          <col class="number" />
          <col />
          <col class="number" />
        </colgroup>
        <tbody>
          ${row('position', position)}${row('content', content)}
        </tbody>
        <tfoot>
          <tr>
            <td>${t('score')}</td>
            <td></td>
            <td>${compact(position + content)}</td>
          </tr>
        </tfoot>
      </table>
      <p class="muted">${limits}</p>
    </section>`;
  }

  #token(token: number): string {
    return tokenText(this.session.tokens?.texts[token] ?? '');
  }
}

export const explainView: View = {
  id: 'explain',
  title: 'Explain',
  icon: 'symbol-operator',
  render: ({ session, theme }) =>
    html`<al-explain-view .session=${session} .theme=${theme}></al-explain-view>`,
  sentence: (session) => {
    const { layer, head } = session.selection;
    const parts = [
      layer === null || head === null
        ? t('One weight, step by step; it needs one head')
        : t(
            'Layer {0}, head {1}: one weight step by step, in the raw reading: score, softmax, and what it brings',
            layer,
            head,
          ),
      encodingName(session.selection.encoding),
      windowName(session),
    ];
    return `${parts.filter((part) => part !== null).join('; ')}.`;
  },
};
