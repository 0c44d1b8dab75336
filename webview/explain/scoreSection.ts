import { html, nothing, type TemplateResult } from 'lit';
import { compact, percent } from '../format';
import type { PanelExplanation } from '../protocol';
import { t } from '../text';
import { addend, addingUp, decimals, rootDivisor } from './arithmetic';
import { PRODUCT_DIGITS } from './productSection';

/** Fewer than those of what they are made of, so that a reader who recomputes them gets the same. */
const SCORE_DIGITS = 4;
const WEIGHT_DIGITS = 2;

/** From the product to the score: scaled, with the bias of distance, or hidden by the mask. */
export function scoreSection(explanation: PanelExplanation): TemplateResult {
  const { dot, scale, bias, masked, score, positions } = explanation;
  const divisor = rootDivisor(scale);
  const scaled =
    scale === 1
      ? nothing
      : divisor === null
        ? html` × ${decimals(scale, 6)}`
        : html` ÷ √${divisor}`;
  const distance = Math.abs(positions[0] - positions[1]);
  return html`<section>
    <h3><b>2</b>${t('The score')}</h3>
    <p class="formula">
      ${decimals(dot, PRODUCT_DIGITS)}${scaled}${bias === 0 ? nothing : html` ${addend(bias, PRODUCT_DIGITS)}`}
      ${score === null ? nothing : html`= <strong>${decimals(score, SCORE_DIGITS)}</strong>`}
    </p>
    ${
      scale === 1
        ? html`<p class="muted">${t('This similarity is not scaled.')}</p>`
        : divisor === null
          ? nothing
          : html`<p class="muted">${t('√{0} = {1}', divisor, decimals(Math.sqrt(divisor), 6))}</p>`
    }
    ${
      bias === 0
        ? nothing
        : html`<p class="muted">
            ${t('Their distance of {1} positions adds {0} to the score.', compact(bias), distance)}
          </p>`
    }
    ${
      masked
        ? html`<p>
            ${t('The mask hides this key from the query: the score counts as −∞, and the weight is 0.')}
          </p>`
        : nothing
    }
  </section>`;
}

/** The score among the others of its row: exponentials that add up to 1. */
export function softmaxSection(
  explanation: PanelExplanation,
  key: number,
  name: (token: number) => string,
): TemplateResult {
  const { score, logSumExp, weight, visible } = explanation;
  const own = score === null ? [] : [{ key, score, weight }];
  const shown = explanation.strongest.some((each) => each.key === key)
    ? explanation.strongest
    : [...explanation.strongest, ...own];
  const others = visible - shown.length;
  const rest = 1 - shown.reduce((sum, each) => sum + each.weight, 0);
  const printed = addingUp(
    [...shown.map((each) => each.weight * 100), ...(others > 0 ? [rest * 100] : [])],
    WEIGHT_DIGITS,
  );
  const most = shown[0]?.weight ?? 1;
  const share = (at: number): string => `${decimals(printed[at]?.term ?? 0, WEIGHT_DIGITS)} %`;
  const bar = (part: number): TemplateResult =>
    html`<div class="bar" aria-hidden="true">
      <i .style=${`left:0;width:${Math.min(100, (part / most) * 100)}%`}></i>
    </div>`;
  return html`<section>
    <h3><b>3</b>${t('Softmax: the score against the others of its row')}</h3>
    <p class="formula">
      ${
        score === null
          ? html`e<sup>−∞</sup> = <strong>0</strong>`
          : html`e<sup>${decimals(score, SCORE_DIGITS)} − ${decimals(logSumExp, SCORE_DIGITS)}</sup>
              = <strong>${decimals(weight * 100, WEIGHT_DIGITS)} %</strong>`
      }
    </p>
    <p class="muted">
      ${t('{0} is ln Σ e^score over the {1} keys that the query sees.', decimals(logSumExp, SCORE_DIGITS), visible)}
    </p>
    <table>
      <colgroup>
        <col />
        <col class="number" />
        <col />
        <col class="number" />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">${t('key')}</th>
          <th scope="col">${t('score')}</th>
          <td></td>
          <th scope="col">${t('weight')}</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          (each, at) =>
            html`<tr class=${each.key === key ? 'own' : ''} title=${percent(each.weight)}>
              <td><code>${name(each.key)}</code> <span class="muted">${each.key}</span></td>
              <td>${decimals(each.score, SCORE_DIGITS)}</td>
              <td>${bar(each.weight)}</td>
              <td>${share(at)}</td>
            </tr>`,
        )}
        ${
          others > 0
            ? html`<tr>
                <td class="muted">${t('… {0} more', others)}</td>
                <td></td>
                <td>${bar(rest)}</td>
                <td>${share(shown.length)}</td>
              </tr>`
            : nothing
        }
      </tbody>
      <tfoot>
        <tr>
          <td>${t('sum')}</td>
          <td></td>
          <td></td>
          <td>${decimals(printed.at(-1)?.sum ?? 0, WEIGHT_DIGITS)} %</td>
        </tr>
      </tfoot>
    </table>
  </section>`;
}

/** What the weight brings: how long the vector is that the head adds for this key. */
export function valueSection(explanation: PanelExplanation): TemplateResult {
  const { weight, valueNorm, outputNorm, contributionNorm } = explanation;
  return html`<section>
    <h3><b>4</b>${t('What the weight brings')}</h3>
    ${
      outputNorm === null || contributionNorm === null
        ? html`<p class="muted">
            ${t('The value vector has length {0}; how this model joins its heads is not known.', decimals(valueNorm, 3))}
          </p>`
        : html`<p class="formula">
              ${decimals(weight, 5)} × ${decimals(outputNorm, 5)} =
              <strong>${decimals(contributionNorm, 4)}</strong>
            </p>
            <p class="muted">
              ${t('The key’s value vector has length {0}; W_O makes {1} of it, and the weight takes its share.', decimals(valueNorm, 3), decimals(outputNorm, 3))}
            </p>`
    }
  </section>`;
}
