/** The extension as a test meets it: by its id, its API and VS Code's own commands. */
import * as vscode from 'vscode';
import type { AttentionLensApi } from '../../../client/api';
import { ok } from './assert';

const ID = 'attention-lens.attention-lens';

export async function activated(): Promise<AttentionLensApi> {
  const extension = vscode.extensions.getExtension<AttentionLensApi>(ID);
  ok(extension, `${ID} is not installed`);
  return extension.activate();
}

/** The parts of our hover at a position: the server's text and the line of links; empty when there is none. */
export async function hoverAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.MarkdownString[]> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  const ours = hovers.find(({ contents }) =>
    contents.some((part) => markdown(part).value.includes('command:attentionLens.')),
  );
  return ours ? ours.contents.map(markdown) : [];
}

/** The hover over the first occurrence of a word. */
export function hoverOn(
  document: vscode.TextDocument,
  word: string,
): Promise<vscode.MarkdownString[]> {
  return hoverAt(document, positionOf(document, word));
}

export function positionOf(document: vscode.TextDocument, word: string): vscode.Position {
  const offset = document.getText().indexOf(word);
  ok(offset >= 0, `"${word}" is not in the document`);
  return document.positionAt(offset);
}

function markdown(part: vscode.MarkdownString | vscode.MarkedString): vscode.MarkdownString {
  return part instanceof vscode.MarkdownString
    ? part
    : new vscode.MarkdownString(typeof part === 'string' ? part : part.value);
}

/** All percentages in a text, as they are written there. */
export function percentages(text: string): string[] {
  return [...text.matchAll(/(\d+(?:\.\d+)?)\s*%/g)].map(([, number]) => number ?? '');
}
