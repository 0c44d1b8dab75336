import { css } from 'lit';

/** Of the laboratory: its maps take all the room that controls and read-out leave. */
export const laboratoryStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 8px;
    min-width: 0;
    min-height: 0;
  }
  al-linked-maps,
  .nothing {
    flex: 1;
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
  .hint {
    color: var(--vscode-descriptionForeground);
  }
  b {
    margin-inline-start: 8px;
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
