/** The extension's settings as the client and the server need them. */
import * as vscode from 'vscode';
import type { Settings } from '../server/protocol';

export const SECTION = 'attentionLens';

/**
 * What `initializationOptions` carries: values as they are, the server checks
 * them. Value by value: VS Code gives whole sections as proxies, which no
 * worker can be sent.
 */
export function serverSettings(): Settings {
  const section = vscode.workspace.getConfiguration(SECTION);
  return {
    model: section.get('model', 'bundled'),
    engine: {
      backend: section.get('engine.backend', 'auto'),
      threads: section.get('engine.threads', 0),
      memoryLimit: section.get('engine.memoryLimit', 512),
    },
    // Whether a hover is wanted depends on the language: we do not ask where it is not.
    hover: { enabled: true, rows: section.get('hover.rows', 5) },
    maxDocumentLength: section.get('maxDocumentLength', 2_000_000),
    background: section.get('background', true),
    hub: { endpoint: section.get('hub.endpoint', '') },
  };
}

/** Whether hovers are wanted in this document; may be set per language. */
export function hoverEnabled(document: vscode.TextDocument): boolean {
  return vscode.workspace.getConfiguration(SECTION, document).get('hover.enabled', true);
}

/** Turns hovers on or off where the person set them last, else for the person. */
export async function toggleHover(): Promise<boolean> {
  const section = vscode.workspace.getConfiguration(SECTION);
  const enabled = !section.get('hover.enabled', true);
  const inWorkspace = section.inspect('hover.enabled')?.workspaceValue !== undefined;
  await section.update(
    'hover.enabled',
    enabled,
    inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
  );
  return enabled;
}
