import { css } from 'lit';

/** Controls above, then the pipeline from top to bottom, one stage under the other. */
export const chapterStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 10px;
    min-width: 0;
    min-height: 0;
    container-type: inline-size;
    font-variant-numeric: tabular-nums;
  }
  .pages {
    align-self: start;
  }
  .scroll {
    flex: 1;
    min-height: 0;
    overflow: auto;
    display: grid;
    align-content: start;
    gap: 14px;
  }
  h2,
  h3 {
    margin: 0;
    font-size: 13px;
    font-weight: 600;
  }
  .pickers {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 16px;
  }
  .pickers select {
    max-width: 160px;
    font-family: var(--vscode-editor-font-family, monospace);
  }
  .entries {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
  }
  .entries .note {
    flex-basis: 100%;
  }
  ol.stages {
    list-style: none;
    margin: 0;
    padding: 0;
    display: grid;
    gap: 12px;
  }
  .stage {
    display: grid;
    gap: 4px;
    padding-inline-start: 10px;
    border-inline-start: 2px solid
      var(--vscode-panel-border, var(--vscode-contrastBorder, currentColor));
  }
  .step {
    color: var(--vscode-descriptionForeground);
    margin-inline-end: 8px;
    font-weight: 400;
  }
  .tensor {
    display: grid;
    grid-template-columns: 150px 96px minmax(120px, 1fr) minmax(0, 300px);
    gap: 2px 10px;
    align-items: center;
    font-size: 12px;
  }
  .shape {
    color: var(--vscode-descriptionForeground);
    font-size: 11px;
  }
  code {
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: 11px;
    white-space: pre;
    overflow: hidden;
    text-overflow: ellipsis;
    color: inherit;
  }
  @container (max-width: 720px) {
    .tensor {
      grid-template-columns: minmax(0, 1fr) max-content;
    }
    .tensor al-vector-strip,
    .tensor code {
      grid-column: 1 / -1;
    }
  }
  table {
    border-collapse: collapse;
    margin-top: 4px;
    font-size: 12px;
  }
  th,
  td {
    padding: 2px 14px 2px 0;
    text-align: start;
    font-weight: 400;
  }
  thead th {
    color: var(--vscode-descriptionForeground);
  }
  .note {
    margin: 0;
    color: var(--vscode-descriptionForeground);
    max-width: 78ch;
  }
  .invitation {
    margin: 10vh auto 0;
    max-width: 46ch;
    display: grid;
    gap: 12px;
    justify-items: center;
    text-align: center;
    line-height: 1.5;
  }
`;
