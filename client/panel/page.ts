/** What VS Code is told of a webview that shows the panel's page. */
import * as vscode from 'vscode';
import { newNonce, panelHtml } from './html';

export function pageOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return {
    enableScripts: true,
    localResourceRoots: [vscode.Uri.joinPath(extension, 'dist')],
  };
}

export function pageHtml(extension: vscode.Uri, webview: vscode.Webview): string {
  const resource = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', name)).toString();
  return panelHtml({
    cspSource: webview.cspSource,
    nonce: newNonce(),
    script: resource('panel.js'),
    icons: resource('codicon.css'),
    title: vscode.l10n.t('Attention'),
    language: vscode.env.language,
  });
}

export function pageIcon(extension: vscode.Uri): { light: vscode.Uri; dark: vscode.Uri } {
  return {
    light: vscode.Uri.joinPath(extension, 'media', 'panel-light.svg'),
    dark: vscode.Uri.joinPath(extension, 'media', 'panel-dark.svg'),
  };
}
