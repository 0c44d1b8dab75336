import { html, nothing, type TemplateResult } from 'lit';
import type { Theme } from '../color/theme';
import { compact } from '../format';
import type { PanelExplanation } from '../protocol';
import { t } from '../text';
import { addingUp, bySize, decimals } from './arithmetic';

/** Decimals of products and of their sum. */
export const PRODUCT_DIGITS = 5;

/** Dimensions that are listed unless all are asked for. */
const LISTED = 12;

export interface ProductOptions {
  theme: Theme;
  /** Whether every dimension is listed. */
  all: boolean;
  toggle: () => void;
}

/** The two vectors, what each dimension adds, largest first, and what they add up to. */
export function productSection(
  explanation: PanelExplanation,
  { theme, all, toggle }: ProductOptions,
): TemplateResult {
  const { query, key, before, additive, positions } = explanation;
  return html`<section>
    <h3>
      <b>1</b>${
        additive
          ? t('v · tanh(query + key), dimension by dimension')
          : t('Query times key, dimension by dimension')
      }
    </h3>
    ${before ? vector(t('query before'), before.query, theme) : nothing}
    ${vector(before ? t('turned by {0}', positions[0]) : t('query'), query, theme)}
    ${before ? vector(t('key before'), before.key, theme) : nothing}
    ${vector(before ? t('turned by {0}', positions[1]) : t('key'), key, theme)}
    ${
      before
        ? html`<p class="muted">
            ${t('RoPE turns pairs of dimensions by angles that grow with the position, so that their product depends on how far apart the two tokens are.')}
          </p>`
        : nothing
    }
    ${table(explanation, all ? query.length : LISTED)}
    ${
      query.length > LISTED
        ? html`<button aria-expanded=${all ? 'true' : 'false'} @click=${toggle}>
            ${all ? t('Show the largest only') : t('Show all {0} dimensions', query.length)}
          </button>`
        : nothing
    }
  </section>`;
}

function vector(name: string, values: Float32Array, theme: Theme): TemplateResult {
  return html`<div class="vector">
    <span>${name}</span>
    <al-vector-strip
      .theme=${theme}
      .values=${values}
      .columns=${values.length}
      .label=${t('{0}: {1} numbers, up to ±{2}', name, values.length, compact(largest(values)))}
    ></al-vector-strip>
  </div>`;
}

function table(explanation: PanelExplanation, count: number): TemplateResult {
  const { query, key, products, dot } = explanation;
  const terms = bySize(products);
  const listed = terms.slice(0, count);
  const rest = terms.slice(count);
  const sumOfRest = rest.reduce((sum, { product }) => sum + product, 0);
  const printed = addingUp(
    [...listed.map(({ product }) => product), ...(rest.length > 0 ? [sumOfRest] : [])],
    PRODUCT_DIGITS,
  );
  const most = Math.abs(terms[0]?.product ?? 0);
  const cells = (at: number): TemplateResult =>
    html`<td>${decimals(printed[at]?.term ?? 0, PRODUCT_DIGITS)}</td>
      <td>${decimals(printed[at]?.sum ?? 0, PRODUCT_DIGITS)}</td>`;
  return html`<table>
    <colgroup>
      <col class="narrow" />
      <col class="number wide" />
      <col class="number wide" />
      <col />
      <col class="number" />
      <col class="number" />
    </colgroup>
    <thead>
      <tr>
        <th scope="col">${t('dim.')}</th>
        <th scope="col" class="wide">${t('query')}</th>
        <th scope="col" class="wide">${t('key')}</th>
        <td></td>
        <th scope="col">${t('product')}</th>
        <th scope="col">${t('sum')}</th>
      </tr>
    </thead>
    <tbody>
      ${listed.map(
        ({ dimension, product }, at) =>
          html`<tr title=${`${query[dimension]} · ${key[dimension]} → ${product}`}>
            <td>${dimension}</td>
            <td class="wide">${compact(query[dimension] ?? NaN)}</td>
            <td class="wide">${compact(key[dimension] ?? NaN)}</td>
            <td>${bar(product, most)}</td>
            ${cells(at)}
          </tr>`,
      )}
      ${
        rest.length > 0
          ? html`<tr>
              <td></td>
              <td class="wide"></td>
              <td class="wide"></td>
              <td class="words muted">${t('… {0} more', rest.length)}</td>
              ${cells(listed.length)}
            </tr>`
          : nothing
      }
    </tbody>
    <tfoot>
      <tr>
        <td></td>
        <td class="wide"></td>
        <td class="wide"></td>
        <td class="words">${explanation.additive ? t('similarity') : 'q·k'}</td>
        <td></td>
        <td>${decimals(dot, PRODUCT_DIGITS)}</td>
      </tr>
    </tfoot>
  </table>`;
}

/** Half the width is for each sign. */
function bar(value: number, most: number): TemplateResult {
  const width = most > 0 ? (Math.abs(value) / most) * 50 : 0;
  const left = value < 0 ? 50 - width : 50;
  return html`<div class="bar" aria-hidden="true">
    <i class=${value < 0 ? 'minus' : ''} .style=${`left:${left}%;width:${width}%`}></i
    ><span class="zero"></span>
  </div>`;
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
