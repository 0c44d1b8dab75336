import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import './headPicker';
import './lineLegend';
import './linesCanvas';
import { weightScale, type WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import { tokenText } from '../format';
import type { AxisTokens } from '../map/axes';
import type { Cell, Span } from '../map/viewport';
import type { PanelTokens } from '../protocol';
import { lookedToken } from '../session/looked';
import { linesExport } from '../export/views/lines';
import type { ExportableView, MaybeExportable } from '../export/exportable';
import { SessionObserver } from '../session/observer';
import { MOST_LINES, type Saved } from '../session/saved';
import type { Session } from '../session/session';
import { SinkTokens } from '../session/sinkTokens';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import { strongestTable } from '../views/strongestTable';
import type { Fittable, View } from '../views/view';
import { DrawnHeads, drawnKey } from './drawnHeads';
import { chosenHeads, drawnSelections, withHeads } from './headSet';
import { headStyle } from './headStyles';
import { offerRow, offerTiles, StrongestLines, type Line } from './lineChoice';
import { linesStyles } from './linesStyles';
import { linesReadout } from './linesText';
import type { Isolated, LinesTarget } from './target';
import type { LinesCanvas, LinesZoom } from './linesCanvas';
import type { LineStyle } from './paintLines';
import { linesSentence } from './linesSentence';

/** Before the canvas knows its size, about as many tokens as a screen shows. */
const FIRST_SIGHT = 64;

/** One token's lines beyond these are too weak to be followed among the others. */
const MOST_OF_ONE = 60;

/** What is on screen: lines with the tokens and heads they were chosen from. */
interface Shown {
  heads: DrawnHeads;
  axes: AxisTokens;
  lines: readonly Line[];
  scale: WeightScale;
}

/** Lines from token to token for one or several heads. */
@customElement('al-lines-view')
export class LinesView extends LitElement implements Fittable, ExportableView {
  static override styles = [controlStyles, linesStyles];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) theme!: Theme;
  @query('al-lines-canvas') private canvas!: LinesCanvas | null;

  readonly #sink: SinkTokens;
  #next: DrawnHeads | null = null;
  #shown: Shown | null = null;
  #chosenFrom: readonly unknown[] = [];
  #chosenIn: readonly number[] = [];
  #axes: { tokens: PanelTokens; axes: AxisTokens } | null = null;
  /** Which of several heads' lines between two tokens is meant. */
  #pointedLine: Line | null = null;
  #chosenLine: Line | null = null;
  /** The token whose lines stay alone while the pointer goes along them. */
  #followed: number | null = null;
  #isolated: { from: readonly unknown[]; isolated: Isolated | null } = { from: [], isolated: null };
  #styles: { from: readonly unknown[]; styles: readonly LineStyle[] } = { from: [], styles: [] };

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
    this.#sink = new SinkTokens(
      () => this.session,
      () => this.requestUpdate(),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#next?.stop();
    this.#next = null;
    this.session.point(null);
  }

  fit(): void {
    this.canvas?.fit();
  }

  exportable(): MaybeExportable {
    const { session, canvas } = this;
    const shown = this.#shown;
    const sight = canvas?.sight;
    if (!shown || !sight || shown.heads.tokens !== session.currentTokens) return 'notYet';
    return linesExport({
      ...shown,
      session,
      sight,
      title: linesSentence(session),
      // Only what was chosen: the pointer is on its way to the export.
      isolated: session.chosen && this.#isolate(shown),
      width: canvas.clientWidth,
      height: canvas.clientHeight,
    });
  }

  protected override willUpdate(): void {
    this.#follow();
    this.#chooseLines();
  }

  override render(): TemplateResult | typeof nothing {
    const shown = this.#shown;
    if (!shown) return nothing;
    const { session } = this;
    const { chosen } = session;
    const line = this.#line(shown);
    const current = shown.heads.tokens === session.currentTokens;
    const isolated = this.#isolate(shown);
    return html`${this.#controls()}
      <al-lines-canvas
        .theme=${this.theme}
        .tokens=${shown.axes}
        .lines=${shown.lines}
        .isolated=${isolated}
        .line=${line}
        .styles=${this.#stylesOf(shown.heads)}
        .scale=${shown.scale}
        .chosen=${current ? (chosen?.query ?? null) : null}
        .marked=${current ? this.#marked() : []}
        .zoom=${{ row: session.saved.lines.row, at: session.saved.lines.at }}
        .label=${this.#label()}
        ?stale=${session.stale}
        @sight=${() => this.requestUpdate()}
        @zoomed=${({ detail }: CustomEvent<LinesZoom>) => this.#save(detail)}
        @point=${({ detail }: CustomEvent<LinesTarget | null>) => this.#point(detail)}
        @choose=${({ detail }: CustomEvent<LinesTarget | null>) => this.#choose(detail)}
        @reveal=${({ detail }: CustomEvent<Cell>) => session.reveal(detail)}
        @explain=${({ detail }: CustomEvent<Line>) => this.#explain(shown.heads, detail)}
      ></al-lines-canvas>
      <footer>
        ${linesReadout(shown.heads, isolated, line)}
        <al-line-legend .scale=${shown.scale}></al-line-legend>
      </footer>
      ${this.#table(shown)}`;
  }

  /** Begins with other heads when the selection or the text is another one. */
  #follow(): void {
    const tokens = this.session.currentTokens;
    if (!tokens) return;
    const selections = drawnSelections(this.session.selection);
    if (this.#next?.tokens !== tokens || this.#next.key !== drawnKey(this.session, selections)) {
      this.#next?.stop();
      this.#next = new DrawnHeads(this.session, tokens, selections);
    }
    this.#next.want(this.#sight(this.#next));
  }

  #sight({ tokens }: DrawnHeads): Span {
    const count = tokens.texts.length;
    const known = this.#shown?.heads.tokens === tokens ? this.canvas?.sight : null;
    return known ?? [0, Math.min(count, FIRST_SIGHT)];
  }

  /** Chooses again when anything changed that the choice depends on, once it is all here. */
  #chooseLines(): void {
    const heads = this.#next;
    if (!heads) return;
    const sight = this.#sight(heads);
    const complete = heads.has(sight);
    const moved = this.#shown?.heads === heads && !same(sight, this.#chosenIn);
    if (!complete && !moved) return;
    const { scale, lines } = this.session.saved;
    const hidden = this.#hidden();
    const from = [
      heads,
      ...heads.pictures.map(({ layers }) => layers),
      ...sight,
      hidden,
      scale,
      lines.count,
    ];
    if (same(from, this.#chosenFrom)) return;
    this.#chosenFrom = from;
    this.#chosenIn = sight;
    const strongest = new StrongestLines(lines.count);
    heads.pictures.forEach(({ layers }, head) =>
      offerTiles(strongest, layers, head, { queries: sight, keys: sight, hidden }),
    );
    const chosen = strongest.sorted();
    const max = heads.largest(hidden);
    this.#shown = {
      heads,
      axes: this.#axesOf(heads.tokens),
      lines: chosen,
      scale: weightScale(scale, max, heads.tokens.texts.length),
    };
  }

  /** The lines of the token pointed at or chosen; within sight only until its rows are here. */
  #isolate({ heads, lines, scale }: Shown): Isolated | null {
    const { pointed, chosen, saved } = this.session;
    const token = pointed ? this.#followed : chosen?.isToken ? chosen.query : null;
    if (token === null || heads.tokens !== this.session.currentTokens) return null;
    heads.wantRows(token);
    const rows = heads.rowsOf(token);
    const hidden = this.#hidden();
    const from = [heads, token, rows !== null, lines, scale, hidden, saved.lines.count];
    if (same(from, this.#isolated.from)) return this.#isolated.isolated;
    const strongest = new StrongestLines(Math.min(saved.lines.count, MOST_OF_ONE), scale.floor);
    if (rows)
      rows.forEach(({ reads, readBy }, head) => {
        offerRow(strongest, reads, head, token, 'reads', hidden);
        offerRow(strongest, readBy, head, token, 'readBy', hidden);
      });
    else
      for (const line of lines)
        if (line.query === token || line.key === token) strongest.offer(line);
    this.#isolated = { from, isolated: { token, lines: strongest.sorted() } };
    return this.#isolated.isolated;
  }

  #point(target: LinesTarget | null): void {
    const { isolated } = this.#isolated;
    if (target && 'line' in target) {
      const { line } = target;
      const stays = isolated?.lines.includes(line) ? isolated.token : null;
      this.#followed = stays;
      this.#pointedLine = line;
      this.session.point({ query: line.query, key: line.key });
    } else {
      this.#followed = target?.token ?? null;
      this.#pointedLine = null;
      this.session.point(lookedToken(this.#followed));
    }
  }

  #choose(target: LinesTarget | null): void {
    this.#chosenLine = target && 'line' in target ? target.line : null;
    this.session.choose(
      target && 'line' in target
        ? { query: target.line.query, key: target.line.key }
        : lookedToken(target?.token ?? null),
    );
  }

  /** The line pointed at, else the chosen one; a weight chosen in another view is its strongest. */
  #line({ heads, lines }: Shown): Line | null {
    const { pointed, chosen, currentTokens } = this.session;
    const looked = pointed ?? chosen;
    if (!looked || looked.isToken || heads.tokens !== currentTokens) return null;
    const isIt = ({ query, key }: Line): boolean => query === looked.query && key === looked.key;
    const known = pointed ? this.#pointedLine : this.#chosenLine;
    return known && isIt(known) ? known : (lines.findLast(isIt) ?? null);
  }

  /** Its steps are of one head: that of the line. */
  #explain({ selections }: DrawnHeads, line: Line): void {
    const head = selections[line.head]?.head ?? null;
    if (this.session.selection.heads && head !== null) this.session.select({ head, heads: null });
    this.session.choose({ query: line.query, key: line.key });
    this.session.save({ view: 'explain' });
  }

  #hidden(): ReadonlySet<number> {
    return this.#showsSink() ? NONE : this.#sink.tokens;
  }

  /** Lines to the sink are there in a reading that has it, unless the person said otherwise. */
  #showsSink(): boolean {
    return this.session.saved.lines.sink ?? this.session.selection.reading !== 'withoutSink';
  }

  #axesOf(tokens: PanelTokens): AxisTokens {
    if (this.#axes?.tokens !== tokens) {
      const axes = { texts: tokens.texts.map(tokenText), special: new Set(tokens.special) };
      this.#axes = { tokens, axes };
    }
    return this.#axes.axes;
  }

  #stylesOf(heads: DrawnHeads): readonly LineStyle[] {
    const from = [heads, this.theme];
    if (!same(from, this.#styles.from)) {
      const styles = heads.selections.map(({ head }) => headStyle(this.theme, head));
      this.#styles = { from, styles };
    }
    return this.#styles.styles;
  }

  #controls(): TemplateResult {
    const { saved } = this.session;
    const { count } = saved.lines;
    return html`<div class="controls">
      ${this.#picker()}
      <label>
        ${t('strongest')}
        <input
          type="range"
          min="0"
          max="100"
          .value=${String(sliderOf(count))}
          aria-valuetext=${t('{0} lines', count)}
          @input=${(event: Event) =>
            this.#save({ count: countOf(Number((event.target as HTMLInputElement).value)) })}
        />
        <output>${count}</output>
      </label>
      <label title=${t('Special tokens and the sink take most of the weight of many heads')}>
        <input
          type="checkbox"
          .checked=${this.#showsSink()}
          @change=${(event: Event) =>
            this.#save({ sink: (event.target as HTMLInputElement).checked })}
        />
        ${t('sink and special tokens')}
      </label>
    </div>`;
  }

  #picker(): TemplateResult | typeof nothing {
    const { selection, model } = this.session;
    if (!model) return nothing;
    if (selection.layer === null || selection.reading === 'rollout')
      return html`<span class="muted"
        >${t('Choose a head, and several of its layer can be drawn at once.')}</span
      >`;
    return html`<al-head-picker
      .count=${model.heads}
      .chosen=${chosenHeads(selection)}
      .label=${t('Heads of layer {0}', selection.layer)}
      .styleOf=${(head: number) => headStyle(this.theme, head)}
      @heads=${({ detail }: CustomEvent<readonly number[]>) =>
        this.session.select(withHeads(detail))}
    ></al-head-picker>`;
  }

  #marked(): number[] {
    const { cursor, pinned } = this.session;
    return cursor === null ? [...pinned] : [cursor, ...pinned];
  }

  #table({ heads, lines }: Shown): TemplateResult {
    const named = lines
      .toReversed()
      .map((line) => ({ ...line, head: heads.selections[line.head]?.head ?? null }));
    return strongestTable(t('Strongest lines'), heads.tokens.texts, named);
  }

  #save(part: Partial<Saved['lines']>): void {
    this.session.save({ lines: { ...this.session.saved.lines, ...part } });
  }

  #label(): string {
    return `${linesSentence(this.session)} ${t('Up and down choose a token, right goes to what it reads most, left to what reads it most, plus and minus zoom, 0 shows all, Enter shows it in the editor, e explains its strongest line.')}`;
  }
}

const NONE: ReadonlySet<number> = new Set();

const same = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((part, index) => part === b[index]);

/** The slider's steps are ratios: 10 more of 20 matter, 10 more of 1,000 do not. */
const sliderOf = (count: number): number =>
  Math.round((Math.log(count) / Math.log(MOST_LINES)) * 100);

function countOf(slider: number): number {
  const count = MOST_LINES ** (slider / 100);
  return Math.max(1, Number(count.toPrecision(count < 100 ? 1 : 2)));
}

export const linesView: View = {
  id: 'lines',
  title: 'Lines',
  icon: 'git-compare',
  render: ({ session, theme }) =>
    html`<al-lines-view .session=${session} .theme=${theme}></al-lines-view>`,
  sentence: linesSentence,
};
