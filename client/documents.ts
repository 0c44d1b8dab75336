/** Which documents have a text that can be looked at, whatever file system they come from. */

/** Schemes of editors that hold no document of the person's: logs, input boxes, start pages. */
const NOT_DOCUMENTS = new Set([
  'output',
  'comment',
  'debug',
  'vscode-scm',
  'vscode-settings',
  'walkThrough',
  'walkThroughSnippet',
  'vscode-chat-input',
  'chat-editing-snapshot-text-model',
]);

/** True for files, untitled and virtual documents, notebook cells and the sides of a diff. */
export function isAnalysable(document: { uri: { scheme: string } }): boolean {
  return !NOT_DOCUMENTS.has(document.uri.scheme);
}
