import { css } from 'lit';

/** Of the map with its read-out and controls. */
export const headViewStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 6px;
    min-width: 0;
    min-height: 0;
  }
  .picture {
    flex: 1;
    display: flex;
    gap: 6px;
    min-width: 0;
    min-height: 0;
  }
  al-attention-map,
  al-document-map {
    flex: 1;
    min-width: 0;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 4px 12px;
    font-size: 12px;
  }
  footer {
    display: flex;
    justify-content: space-between;
    align-items: center;
    gap: 12px;
    min-height: 34px;
    flex-wrap: wrap;
  }
  .readout {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
    min-width: 0;
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
    margin-inline-start: 8px;
  }
  .masked {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    margin-inline-start: auto;
    font-size: 10px;
    color: var(--vscode-descriptionForeground);
  }
  .masked span {
    width: 16px;
    height: 10px;
    outline: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, transparent));
    background: repeating-linear-gradient(135deg, currentColor 0 1px, transparent 1px 5px);
    opacity: 0.7;
  }
  .hint {
    color: var(--vscode-descriptionForeground);
  }
  .unseen {
    position: absolute;
    clip-path: inset(50%);
    width: 1px;
    height: 1px;
    overflow: hidden;
    white-space: nowrap;
  }
`;
