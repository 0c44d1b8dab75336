import * as vscode from 'vscode';

/**
 * Where the language client may trace its messages: nowhere. They carry the
 * text of documents, which the log never holds, not even at its finest level.
 */
export function mutedTrace(): vscode.LogOutputChannel {
  const silent = (): void => undefined;
  return {
    name: 'Attention Lens (muted)',
    logLevel: vscode.LogLevel.Off,
    onDidChangeLogLevel: () => new vscode.Disposable(silent),
    append: silent,
    appendLine: silent,
    replace: silent,
    clear: silent,
    show: silent,
    hide: silent,
    dispose: silent,
    trace: silent,
    debug: silent,
    info: silent,
    warn: silent,
    error: silent,
  };
}
