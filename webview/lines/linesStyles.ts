import { css } from 'lit';

export const linesStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 6px;
    min-width: 0;
    min-height: 0;
    container-type: inline-size;
  }
  al-lines-canvas {
    flex: 1;
    min-height: 120px;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 14px;
    font-size: 12px;
  }
  .controls output {
    min-width: 4ch;
    text-align: right;
    font-variant-numeric: tabular-nums;
  }
  .controls input[type='range'] {
    width: 90px;
  }
  footer {
    display: flex;
    justify-content: space-between;
    align-items: center;
    gap: 4px 12px;
    min-height: 34px;
    flex-wrap: wrap;
  }
  .readout {
    font-variant-numeric: tabular-nums;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  code {
    font-family: var(--vscode-editor-font-family, monospace);
    color: inherit;
  }
  .number {
    color: var(--vscode-descriptionForeground);
    font-size: 0.9em;
  }
  .weight {
    font-weight: 600;
  }
`;
