import { css } from 'lit';

/** Matrix at the left, charts beside it; below each other where there is no room. */
export const positionStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 8px;
    min-width: 0;
    min-height: 0;
    container-type: inline-size;
    font-variant-numeric: tabular-nums;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 18px;
    min-height: 26px;
  }
  .name {
    flex: 1 1 260px;
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 2px 12px;
  }
  h2 {
    margin: 0;
    font-size: 14px;
    font-weight: 600;
  }
  h3 {
    margin: 0;
    font-size: 11px;
    font-weight: 600;
    color: var(--vscode-descriptionForeground);
  }
  .export {
    display: inline-flex;
    gap: 4px;
  }
  .message {
    max-width: 60ch;
    margin: 40px auto;
    line-height: 1.5;
  }
  .body {
    flex: 1;
    min-height: 0;
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 57fr) minmax(0, 43fr);
    gap: 8px 22px;
  }
  .body.charts-only {
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
  }
  .matrix {
    min-height: 0;
    min-width: 0;
    display: flex;
    flex-direction: column;
    gap: 4px;
  }
  al-matrix {
    flex: 1;
    min-height: 200px;
  }
  .charts {
    min-height: 0;
    display: flex;
    flex-direction: column;
    gap: 10px;
    overflow: auto;
  }
  al-line-chart {
    flex: 1 0 110px;
    max-height: 230px;
  }
  .matrix footer {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 4px 12px;
    min-height: 34px;
  }
  code {
    font-family: var(--vscode-editor-font-family, monospace);
    color: inherit;
  }
  .formula {
    display: grid;
    gap: 2px;
    padding: 6px 10px;
    border-inline-start: 3px solid
      var(--vscode-attentionLens-reads, var(--vscode-charts-orange, currentColor));
    font-size: 12px;
    overflow-wrap: anywhere;
  }
  .formula code:first-child {
    color: var(--vscode-descriptionForeground);
  }
  @container (max-width: 700px) {
    :host {
      overflow: auto;
    }
    .body {
      display: flex;
      flex-direction: column;
    }
    .matrix {
      min-height: 380px;
    }
    .charts {
      overflow: visible;
      flex: none;
    }
    al-line-chart {
      flex: none;
      height: 150px;
    }
  }
`;
