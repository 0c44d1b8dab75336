import { html, type TemplateResult } from 'lit';
import './vectorStrip';
import type { Theme } from '../color/theme';
import { compact } from '../format';
import type { PanelStage } from '../protocol';
import { t } from '../text';

/** Numbers written out beside the strip. */
const FIRST_NUMBERS = 6;

type Tensor = PanelStage['tensors'][number];

/** One stage of the chapter's pipeline with its tensors for the token at hand. */
export function stageCard(
  { title, tensors }: PanelStage,
  number: number,
  theme: Theme,
): TemplateResult {
  return html`<li class="stage">
    <h3><span class="step">${number}</span>${title}</h3>
    ${tensors.map((tensor) => tensorRow(tensor, theme))}
  </li>`;
}

function tensorRow(tensor: Tensor, theme: Theme): TemplateResult {
  const { title, shape, axes, values, sliceShape } = tensor;
  const first = firstNumbers(values);
  return html`<div class="tensor">
    <span class="title">${title}</span>
    <span class="shape" title=${axes.join(' × ')}>[${shape.join(', ')}]</span>
    <al-vector-strip
      .theme=${theme}
      .values=${values}
      .columns=${sliceShape.at(-1) ?? values.length}
      label=${t('{0}, {1} numbers of this token: {2}', title, values.length, first)}
    ></al-vector-strip>
    <code>${first}</code>
  </div>`;
}

/** The first numbers of a tensor's slice, as many as fit beside it. */
export function firstNumbers(values: Float32Array): string {
  const shown = [...values.subarray(0, FIRST_NUMBERS)].map(compact).join('  ');
  return values.length > FIRST_NUMBERS ? `${shown} …` : shown;
}
