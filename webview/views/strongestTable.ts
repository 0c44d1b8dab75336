import { html, type TemplateResult } from 'lit';
import { percent, tokenText } from '../format';
import { t } from '../text';

/** As many as a person listens to. */
const TABLE_LENGTH = 10;

/** One weight, and of which head where several are shown. */
export interface NamedWeight {
  query: number;
  key: number;
  weight: number;
  head?: number | null;
}

/** The strongest weights of a picture in words, for those who cannot see it; strongest first. */
export function strongestTable(
  caption: string,
  texts: readonly string[],
  weights: readonly NamedWeight[],
): TemplateResult {
  const name = (token: number): string => `${tokenText(texts[token] ?? '')} ${token}`;
  const heads = weights.some(({ head }) => head !== undefined);
  return html`<div class="unseen">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads ? html`<th scope="col">${t('head')}</th>` : ''}
          <th scope="col">${t('query')}</th>
          <th scope="col">${t('key')}</th>
          <th scope="col">${t('weight')}</th>
        </tr>
      </thead>
      <tbody>
        ${weights.slice(0, TABLE_LENGTH).map(
          ({ query, key, weight, head }) =>
            html`<tr>
              ${heads ? html`<td>${head ?? t('mean')}</td>` : ''}
              <td>${name(query)}</td>
              <td>${name(key)}</td>
              <td>${percent(weight)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
