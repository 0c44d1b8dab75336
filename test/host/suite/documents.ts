/** Documents that are no files. */
import * as vscode from 'vscode';
import { ok } from './assert';

/** A document of a scheme of its own, as version control gives the old side of a diff. */
export async function openVirtual(
  text: string,
): Promise<{ document: vscode.TextDocument; dispose(): void }> {
  const scheme = 'attention-lens-old';
  const registration = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: () => text,
  });
  const uri = vscode.Uri.from({ scheme, path: '/notes.txt', query: 'HEAD' });
  const document = await vscode.workspace.openTextDocument(uri);
  return {
    document,
    dispose: () => {
      registration.dispose();
    },
  };
}

/** The document of a notebook's only cell. */
export async function openNotebookCell(text: string): Promise<vscode.TextDocument> {
  const notebook = await openNotebook(text);
  await vscode.window.showNotebookDocument(notebook);
  const document = notebook.getCells()[0]?.document;
  ok(document, 'the notebook has no cell');
  return document;
}

async function openNotebook(text: string): Promise<vscode.NotebookDocument> {
  const type = 'jupyter-notebook';
  const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, text, 'markdown');
  const data = new vscode.NotebookData([cell]);
  try {
    return await vscode.workspace.openNotebookDocument(type, data);
  } catch {
    // Hosts without the built-in Jupyter support know the type but nobody who reads it.
    vscode.workspace.registerNotebookSerializer(type, {
      deserializeNotebook: () => data,
      serializeNotebook: () => new Uint8Array(),
    });
    return vscode.workspace.openNotebookDocument(type, data);
  }
}
