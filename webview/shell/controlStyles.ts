import { css } from 'lit';

/** Buttons, lists and fields that look alike in all views. */
export const controlStyles = css`
  button,
  select,
  input[type='number'] {
    height: 24px;
    padding: 0 7px;
    box-sizing: border-box;
    border: 1px solid
      var(--vscode-settings-dropdownBorder, var(--vscode-contrastBorder, transparent));
    border-radius: 4px;
    background: var(--vscode-settings-dropdownBackground, transparent);
    color: var(--vscode-settings-dropdownForeground, inherit);
    font: inherit;
  }
  button {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    cursor: pointer;
    white-space: nowrap;
  }
  button:hover:enabled {
    background: var(--vscode-toolbar-hoverBackground);
    border-color: var(--vscode-contrastActiveBorder, var(--vscode-settings-dropdownBorder));
  }
  button.plain {
    border-color: transparent;
    background: transparent;
    color: inherit;
  }
  button.primary {
    background: var(--vscode-button-background);
    color: var(--vscode-button-foreground);
    border-color: var(--vscode-button-border, transparent);
  }
  button[aria-checked='true'],
  button[aria-pressed='true'],
  button[aria-pressed='true']:hover:enabled,
  button[aria-selected='true'] {
    background: var(--vscode-inputOption-activeBackground);
    color: var(--vscode-inputOption-activeForeground);
    border-color: var(--vscode-inputOption-activeBorder);
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button:focus-visible,
  select:focus-visible,
  input:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  input[aria-invalid='true'] {
    border-color: var(--vscode-inputValidation-errorBorder, currentColor);
  }
  input[type='range'],
  input[type='checkbox'] {
    accent-color: var(--vscode-focusBorder);
  }
  .segments {
    display: inline-flex;
    flex-wrap: wrap;
    gap: 2px;
  }
  .segments button {
    background: transparent;
    border-color: transparent;
    color: inherit;
  }
  .segments button:hover:enabled {
    background: var(--vscode-toolbar-hoverBackground);
  }
  .segments button[aria-checked='true'],
  .segments button[aria-pressed='true'],
  .segments button[aria-selected='true'] {
    background: var(--vscode-inputOption-activeBackground);
    color: var(--vscode-inputOption-activeForeground);
    border-color: var(--vscode-inputOption-activeBorder);
  }
  label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  /* A token of a script that runs from right to left must not turn around what stands beside it. */
  code {
    unicode-bidi: isolate;
  }
  .muted {
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
