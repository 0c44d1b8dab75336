import { html, type TemplateResult } from 'lit';
import { compact, percent } from '../format';
import type { PanelStages } from '../protocol';
import { t } from '../text';
import { firstNumbers } from './stageCard';

type Pair = NonNullable<PanelStages['pair']>;

/** How one weight of each head comes about: similarity, what enters the softmax, weight, contribution. */
export function pairTable({ heads }: Pair, query: string, key: string): TemplateResult {
  return html`<section class="pair">
    <h3>${t('{0} reads {1}, step by step', query, key)}</h3>
    <table>
      <thead>
        <tr>
          <th scope="col">${t('head')}</th>
          <th scope="col">${t('similarity')}</th>
          <th scope="col">${t('scaled')}</th>
          <th scope="col">${t('weight')}</th>
          <th scope="col">${t('weight · value')}</th>
        </tr>
      </thead>
      <tbody>
        ${heads.map(
          ({ head, similarity, scaled, weight, contribution }) =>
            html`<tr>
              <th scope="row">${head}</th>
              <td>${compact(similarity)}</td>
              <td>${scaled === null ? t('masked') : compact(scaled)}</td>
              <td>${percent(weight)}</td>
              <td><code>${firstNumbers(contribution)}</code></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}
