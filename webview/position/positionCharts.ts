import { html, nothing, type TemplateResult } from 'lit';
import '../chart/lineChart';
import type { PanelPosition } from '../protocol';
import { t } from '../text';

export interface AtHand {
  /** The row of the matrix whose vector is drawn, and how its token is called. */
  row: number;
  name: string;
  /** Whether its position is marked among the wavelengths. */
  level: boolean;
  /** The dimension at hand. */
  column: number | null;
  /** [dimension], of the token at hand. */
  angles: Float32Array | null;
  pick: (column: number | null) => void;
}

/** What can be read off an encoding: one vector, similarities, wavelengths, angles. */
export function positionCharts(
  { similarity, wavelengths, matrix, dimensions, positionIds }: PanelPosition,
  { row, name, level, column, angles, pick }: AtHand,
): TemplateResult {
  const position = positionIds[row] ?? 0;
  const onPick = ({ detail }: CustomEvent<number | null>): void => pick(detail);
  return html`${
    matrix
      ? html`<al-line-chart
          heading=${t('Vector of position {0} ({1})', position, name)}
          across=${t('dimension')}
          .values=${matrix.subarray(row * dimensions, (row + 1) * dimensions)}
          .index=${column}
          @pick=${onPick}
        ></al-line-chart>`
      : nothing
  }
  ${
    similarity
      ? html`<al-line-chart
          heading=${t('Similarity of two positions by distance: mean, and from smallest to largest')}
          across=${t('distance')}
          .values=${similarity.mean}
          .band=${{ low: similarity.smallest, high: similarity.largest }}
          .bandFrom=${1}
        ></al-line-chart>`
      : nothing
  }
  ${
    wavelengths
      ? html`<al-line-chart
          log
          heading=${t('Wavelength: positions for one turn')}
          across=${t('dimension')}
          .values=${wavelengths}
          .level=${level && position !== 0 ? { value: position, text: t('position {0}', position) } : null}
          .index=${column}
          @pick=${onPick}
        ></al-line-chart>`
      : nothing
  }
  ${
    angles && wavelengths
      ? html`<al-line-chart
          heading=${t('Angle at position {0}, radians', position)}
          across=${t('dimension')}
          .values=${angles}
          .index=${column}
          @pick=${onPick}
        ></al-line-chart>`
      : nothing
  }`;
}
