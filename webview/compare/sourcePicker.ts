import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { firstChange, modesOf } from '../laboratory/modes';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import type { SideIndex } from './mergedAxis';
import { sourceName } from './names';
import { sourceKey, type CompareSource } from './sources';

/** Not a source: it keeps what there is, and asks which model. */
const ANOTHER_MODEL = 'another model';

/** A name over several choices. */
interface Group {
  title: string;
  choices: Choice[];
}

interface Choice {
  source: CompareSource;
  name: string;
  /** Why it cannot be chosen. */
  refused?: string | null;
}

/** Chooses what stands on one side of the comparison. */
@customElement('al-source-picker')
export class SourcePicker extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: inline-flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 6px;
        min-width: 0;
      }
      label {
        min-width: 0;
      }
      select {
        min-width: 0;
        max-width: 20ch;
        text-overflow: ellipsis;
      }
      .side {
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) side: SideIndex = 0;

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  override render(): TemplateResult {
    const { comparison } = this.session;
    const source = comparison.source(this.side);
    const key = source && sourceKey(source);
    const groups = this.#groups(source);
    const name = this.side === 0 ? t('A') : t('B');
    return html`<label>
        <span class="side" aria-hidden="true">${name}</span>
        <select
          aria-label=${this.side === 0 ? t('A: what is compared') : t('B: what it is compared with')}
          @change=${(event: Event) => this.#take(event.target as HTMLSelectElement)}
        >
          ${
            source
              ? nothing
              : html`<option value="" selected disabled>${t('compare with …')}</option>`
          }
          ${
            this.side === 1 && this.session.comparison.canKeep
              ? html`<option value=${ANOTHER_MODEL}>${t('another model …')}</option>`
              : nothing
          }
          ${groups.map(({ title, choices }) =>
            choices.length === 0
              ? nothing
              : html`<optgroup label=${title}>
                  ${choices.map((choice) => option(choice, key))}
                </optgroup>`,
          )}
        </select>
      </label>
      ${source?.kind === 'heads' ? this.#heads(source) : nothing}`;
  }

  /** All that can stand here; what is chosen is among it, whether or not it is to be had. */
  #groups(source: CompareSource | null): Group[] {
    const { session } = this;
    const { value: list } = session.comparison.comparable;
    const named = (each: CompareSource, refused: string | null = null): Choice => ({
      source: each,
      name: sourceName(session, each),
      refused,
    });
    const groups: Group[] = [
      { title: t('This document'), choices: [named({ kind: 'shown' })] },
      {
        title: t('Its versions'),
        choices: [named({ kind: 'saved' }, list?.saved), named({ kind: 'head' }, list?.head)],
      },
      {
        title: t('With another position'),
        choices: this.#positions(source).map((each) => named(each)),
      },
      { title: t('Another head'), choices: [this.#otherHead(source)] },
      {
        title: t('Other open documents'),
        choices: (list?.documents ?? []).map(({ uri }) => named({ kind: 'document', uri })),
      },
    ];
    const all = groups.flatMap(({ choices }) => choices.map((choice) => sourceKey(choice.source)));
    const kept: CompareSource = { kind: 'kept' };
    groups.push({
      title: t('Before'),
      choices: session.comparison.kept || source?.kind === 'kept' ? [named(kept)] : [],
    });
    if (source && source.kind !== 'kept' && !all.includes(sourceKey(source)))
      groups.at(-2)?.choices.push(named(source));
    return groups;
  }

  /** What can be done to position; a change that is chosen here or in the laboratory as it is there. */
  #positions(source: CompareSource | null): CompareSource[] {
    const { model, selection, tokens } = this.session;
    if (!model) return [];
    const room = { model, tokens: tokens?.texts.length ?? 0 };
    const known = [source?.kind === 'position' ? source.encoding : null, selection.encoding];
    return modesOf(model).map(({ mode }) => ({
      kind: 'position',
      encoding: known.find((each) => each && each.mode === mode) ?? firstChange(mode, room),
    }));
  }

  #otherHead(source: CompareSource | null): Choice {
    const { selection } = this.session;
    const { layer, head } = source?.kind === 'heads' ? source : selection;
    return { source: { kind: 'heads', layer, head }, name: t('layer and head …') };
  }

  #heads({ layer, head }: { layer: number | null; head: number | null }): TemplateResult {
    const { model } = this.session;
    const list = (
      label: string,
      all: string,
      count: number,
      chosen: number | null,
      take: (index: number | null) => void,
    ): TemplateResult =>
      html`<select
        aria-label=${label}
        title=${label}
        @change=${(event: Event) => {
          const { value } = event.target as HTMLSelectElement;
          take(value === '' ? null : Number(value));
        }}
      >
        <option value="" .selected=${chosen === null}>${all}</option>
        ${Array.from(
          { length: count },
          (_, index) =>
            html`<option value=${index} .selected=${index === chosen}>${label} ${index}</option>`,
        )}
      </select>`;
    const choose = (part: { layer?: number | null; head?: number | null }): void =>
      this.session.comparison.take(this.side, { kind: 'heads', layer, head, ...part });
    return html`${list(t('layer'), t('all layers'), model?.layers ?? 0, layer, (index) => choose({ layer: index }))}
    ${list(t('head'), t('all heads'), model?.heads ?? 0, head, (index) => choose({ head: index }))}`;
  }

  #take(list: HTMLSelectElement): void {
    const key = list.value;
    if (key === ANOTHER_MODEL) {
      const source = this.session.comparison.source(this.side);
      list.value = source ? sourceKey(source) : '';
      void this.session.comparison.withAnotherModel();
      return;
    }
    const choices = this.#groups(this.session.comparison.source(this.side)).flatMap(
      (group) => group.choices,
    );
    const choice = choices.find(({ source }) => sourceKey(source) === key);
    if (choice) this.session.comparison.take(this.side, choice.source);
  }
}

function option({ source, name, refused }: Choice, chosen: string | null): TemplateResult {
  const key = sourceKey(source);
  return html`<option
    value=${key}
    title=${refused ?? name}
    .selected=${key === chosen}
    ?disabled=${!!refused && key !== chosen}
  >
    ${name}
  </option>`;
}
