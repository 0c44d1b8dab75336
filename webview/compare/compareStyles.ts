import { css } from 'lit';

/** Of the comparison: one row of pickers, the maps, and what is said of them. */
export const compareStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 8px;
    min-width: 0;
    min-height: 0;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 10px;
  }
  .show {
    margin-inline-start: auto;
  }
  al-linked-maps,
  .nothing {
    flex: 1;
    min-height: 0;
  }
  .nothing {
    overflow: auto;
    line-height: 1.5;
  }
  .nothing > * {
    max-width: 62ch;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    margin: 10px 0;
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 4px 16px;
    min-height: 34px;
  }
  .legends {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
  }
  .readout {
    font-variant-numeric: tabular-nums;
    min-width: 0;
  }
  code {
    font-family: var(--vscode-editor-font-family, monospace);
    color: inherit;
  }
  .hint,
  .unit {
    color: var(--vscode-descriptionForeground);
  }
  b {
    margin-inline-start: 8px;
  }
  [role='alert'] {
    margin: 0;
    color: var(--vscode-errorForeground, var(--vscode-foreground));
  }
  vscode-progress-bar {
    width: 120px;
  }
`;
