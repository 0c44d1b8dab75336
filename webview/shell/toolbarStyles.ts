import { css } from 'lit';

/** Of the toolbar: one row where there is room, two in a narrow panel. */
export const toolbarStyles = css`
  :host {
    display: block;
    position: relative;
    /* Its list of formats lies over the picture. */
    z-index: 5;
    container-type: inline-size;
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
  }
  .bar {
    position: relative;
  }
  [role='toolbar'] {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 4px;
    padding: 4px 8px;
  }
  .space {
    flex: 1;
  }
  button {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    height: 24px;
    padding: 0 6px;
    border: 1px solid transparent;
    border-radius: 5px;
    background: transparent;
    color: var(--vscode-foreground);
    font: inherit;
    cursor: pointer;
  }
  button:hover:enabled {
    background: var(--vscode-toolbar-hoverBackground);
    border-color: var(--vscode-contrastActiveBorder, transparent);
  }
  button[aria-pressed='true'],
  button[aria-checked='true'] {
    background: var(--vscode-inputOption-activeBackground);
    color: var(--vscode-inputOption-activeForeground);
    border-color: var(--vscode-inputOption-activeBorder);
  }
  button:focus-visible,
  select:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  button:disabled {
    opacity: 0.4;
    cursor: default;
  }
  .badge {
    border-color: var(--vscode-inputValidation-warningBorder, currentColor);
    background: var(--vscode-inputValidation-warningBackground, transparent);
    border-radius: 12px;
    white-space: nowrap;
  }
  @container (max-width: 760px) {
    button {
      padding: 0 4px;
    }
    .joined select {
      max-width: 92px;
    }
    [role='radio'] .name {
      display: none;
    }
  }
  .settings {
    display: contents;
  }
  .more {
    display: none;
  }
  /* A row of views and one of what can be done; the settings wait behind a button. */
  @container (max-width: 480px) {
    [role='toolbar'] {
      gap: 2px;
    }
    [role='radio'] {
      padding: 0 4px;
    }
    .more {
      display: inline-flex;
    }
    .settings {
      display: none;
    }
    .settings.open {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 4px;
      order: 1;
      flex-basis: 100%;
    }
  }
  @container (max-width: 400px) {
    .space {
      flex-basis: 100%;
    }
  }
  .divider {
    width: 1px;
    height: 16px;
    margin: 0 4px;
    background: var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
  }
  .window {
    padding: 0 2px;
    color: var(--vscode-descriptionForeground);
    font-variant-numeric: tabular-nums;
  }
  .joined {
    display: inline-flex;
  }
  .joined select:first-child {
    border-start-end-radius: 0;
    border-end-end-radius: 0;
  }
  .joined select + select {
    margin-inline-start: -1px;
    border-start-start-radius: 0;
    border-end-start-radius: 0;
  }
  select:disabled {
    opacity: 0.5;
  }
  select {
    height: 24px;
    padding: 0 4px;
    border: 1px solid
      var(--vscode-settings-dropdownBorder, var(--vscode-contrastBorder, transparent));
    border-radius: 4px;
    background: var(--vscode-settings-dropdownBackground, transparent);
    color: var(--vscode-settings-dropdownForeground, inherit);
    font: inherit;
  }
`;
