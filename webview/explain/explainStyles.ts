import { css } from 'lit';

/** The steps of the arithmetic, one below the other. */
export const explainStyles = css`
  :host {
    display: block;
    min-width: 0;
    min-height: 0;
    overflow: auto;
    container-type: inline-size;
    font-size: 12px;
    font-variant-numeric: tabular-nums;
    line-height: 1.5;
  }
  code,
  .formula {
    font-family: var(--vscode-editor-font-family, monospace);
    color: inherit;
    overflow-wrap: anywhere;
  }
  p {
    margin: 2px 0 6px;
  }
  h2 {
    font-size: 14px;
    font-weight: 600;
    margin: 0 0 2px;
  }
  h3 {
    font-size: 12px;
    font-weight: 600;
    margin: 0 0 4px;
  }
  h3 b {
    display: inline-block;
    min-width: 1.4em;
    color: var(--vscode-descriptionForeground);
  }
  section {
    max-width: 760px;
    padding: 10px 0;
    border-top: 1px solid var(--vscode-panel-border, transparent);
  }
  .vector {
    display: grid;
    grid-template-columns: 60px minmax(0, 1fr);
    gap: 8px;
    align-items: center;
    margin: 2px 0;
  }
  .formula {
    margin: 4px 0;
  }
  .formula strong {
    font-weight: 600;
  }
  table {
    border-collapse: collapse;
    width: 100%;
    table-layout: fixed;
    margin: 4px 0;
  }
  th {
    font-weight: normal;
    text-align: right;
    color: var(--vscode-descriptionForeground);
    font-size: 11px;
  }
  td {
    text-align: right;
    padding: 0 0 0 6px;
    line-height: 18px;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  th:first-child,
  td:first-child {
    text-align: left;
    padding-left: 0;
  }
  td.words {
    text-align: left;
  }
  tbody tr:hover {
    background: var(--vscode-list-hoverBackground);
  }
  tfoot td {
    border-top: 1px solid var(--vscode-descriptionForeground);
    font-weight: 600;
  }
  tr.own td {
    font-weight: 600;
  }
  col.narrow {
    width: 46px;
  }
  col.number {
    width: 78px;
  }
  .bar {
    position: relative;
    height: 9px;
  }
  .bar i {
    position: absolute;
    height: 9px;
    min-width: 1px;
    outline: 1px solid var(--vscode-contrastBorder, transparent);
    background: var(--vscode-attentionLens-reads, var(--vscode-charts-orange, currentColor));
  }
  .bar i.minus {
    background: repeating-linear-gradient(
      -45deg,
      var(--vscode-attentionLens-readBy, var(--vscode-charts-blue, currentColor)) 0 3px,
      transparent 3px 5px
    );
  }
  .zero {
    position: absolute;
    left: 50%;
    top: -3px;
    height: 15px;
    border-left: 1px solid var(--vscode-descriptionForeground);
  }
  .heads {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }
  .stale {
    opacity: 0.45;
  }
  @container (max-width: 480px) {
    .wide {
      display: none;
    }
    col.number {
      width: 66px;
    }
    .vector {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
