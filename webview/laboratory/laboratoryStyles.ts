import { css } from 'lit';

/** Of the laboratory: two maps at the left, their difference as large as both, less beside each other where there is little room. */
export const laboratoryStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 8px;
    min-width: 0;
    min-height: 0;
    container-type: size;
  }
  .maps {
    flex: 1;
    min-height: 0;
    display: grid;
    gap: 6px 14px;
    grid-template:
      'trained difference' minmax(0, 1fr) 'changed difference' minmax(0, 1fr) / minmax(0, 38fr)
      minmax(0, 62fr);
  }
  .maps.single {
    grid-template: 'trained' minmax(0, 1fr) / minmax(0, 1fr);
  }
  @container (aspect-ratio > 2) {
    .maps:not(.single) {
      grid-template: 'trained changed difference' minmax(0, 1fr) / repeat(3, minmax(0, 1fr));
    }
  }
  @container (max-width: 620px) {
    .maps:not(.single) {
      grid-template:
        'difference difference' minmax(0, 8fr) 'trained changed' minmax(0, 5fr) / minmax(0, 1fr)
        minmax(0, 1fr);
    }
  }
  @container (max-width: 360px) {
    .maps:not(.single) {
      grid-template:
        'difference' minmax(0, 1fr) 'trained' minmax(0, 1fr) 'changed' minmax(0, 1fr) /
        minmax(0, 1fr);
    }
  }
  figure {
    margin: 0;
    min-width: 0;
    min-height: 0;
    display: flex;
    flex-direction: column;
    gap: 2px;
  }
  figcaption {
    font-size: 11px;
    font-weight: 600;
    color: var(--vscode-descriptionForeground);
  }
  al-attention-map {
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
