/** Going through the text along attention: to what a word reads, and to what reads it. */
import * as vscode from 'vscode';
import type { Position, Range } from '../../server/protocol';
import type { LanguageServer } from '../connection/languageServer';
import { isAnalysable } from '../documents';
import type { Direction } from '../overlay/decorations';
import { selectionLabel } from '../selection/label';
import { askNeighbours, type Neighbours } from './ask';
import { pickPlace, weightText } from './list';
import { nextPlace, type Place } from './places';

/** Long enough to be read, short enough not to stay. */
const MESSAGE_MS = 6000;

/** A peek list is in text order and without weights: it holds the strongest alone. */
const PEEKED = 12;

/** A walk through the places of one word. */
interface Walk {
  uri: string;
  version: number;
  /** Where it began. */
  from: Position;
  direction: Direction;
  /** Where the last step went. */
  at: Position;
}

export class Navigation {
  readonly #server: LanguageServer;
  #walk: Walk | null = null;

  constructor(server: LanguageServer) {
    this.#server = server;
  }

  /** Puts the cursor on the word that the word at the cursor reads most. */
  async strongest(): Promise<void> {
    const editor = currentEditor();
    if (!editor) return;
    await this.#step(editor, {
      from: plain(editor.selection.active),
      at: null,
      direction: 'reads',
    });
  }

  /** Goes on with the next strongest word of where the walk began; without a walk, begins one. */
  async next(): Promise<void> {
    const editor = currentEditor();
    if (!editor) return;
    const here = plain(editor.selection.active);
    const walk = this.#walk;
    const goesOn =
      walk?.uri === editor.document.uri.toString() &&
      walk.version === editor.document.version &&
      same(walk.at, here);
    await this.#step(
      editor,
      goesOn
        ? { from: walk.from, at: walk.at, direction: walk.direction }
        : { from: here, at: null, direction: 'reads' },
    );
  }

  /** Lists the words with their weights; moving through the list shows each in the text. */
  async show(direction: Direction): Promise<void> {
    const editor = currentEditor();
    if (!editor) return;
    const from = plain(editor.selection.active);
    const found = await this.#ask(editor, from, direction);
    if (!found) return;
    const word = editor.document.getText(toRange(found.range));
    const title =
      direction === 'reads'
        ? vscode.l10n.t('What “{0}” reads', word)
        : vscode.l10n.t('What reads “{0}”', word);
    const how = selectionLabel(found.selection, vscode.l10n.t);
    const chosen = await pickPlace(editor, found.places, `${title} · ${how}`);
    if (chosen === 'peek') await goTo(editor, from, found.places.slice(0, PEEKED), 'peek');
    else if (chosen) await this.#go(editor, from, direction, chosen);
  }

  async #step(
    editor: vscode.TextEditor,
    { from, at, direction }: { from: Position; at: Position | null; direction: Direction },
  ): Promise<void> {
    const found = await this.#ask(editor, from, direction);
    if (!found) return;
    const index = nextPlace(found.places, at);
    const place = found.places[index];
    if (!place) return;
    await this.#go(editor, from, direction, place);
    const [word, target] = [found.range, place.range].map((range) =>
      editor.document.getText(toRange(range)),
    );
    const told = [
      word ?? '',
      target ?? '',
      weightText(place.weight),
      index + 1,
      found.places.length,
    ] as const;
    vscode.window.setStatusBarMessage(
      direction === 'reads'
        ? vscode.l10n.t('“{0}” reads “{1}”: {2} ({3} of {4})', ...told)
        : vscode.l10n.t('“{0}” is read by “{1}”: {2} ({3} of {4})', ...told),
      MESSAGE_MS,
    );
  }

  async #go(
    editor: vscode.TextEditor,
    from: Position,
    direction: Direction,
    place: Place,
  ): Promise<void> {
    await goTo(editor, plain(editor.selection.active), [place], 'goto');
    const { uri, version } = editor.document;
    this.#walk = { uri: uri.toString(), version, from, direction, at: place.range.start };
  }

  /** The places; null, with a word to the person, where there is none to go to. */
  async #ask(
    editor: vscode.TextEditor,
    from: Position,
    direction: Direction,
  ): Promise<Neighbours | null> {
    const found = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Reading attention') },
      () =>
        askNeighbours(
          this.#server,
          editor.document.uri.toString(),
          from,
          direction,
          new AbortController().signal,
        ),
    );
    if (!found) {
      say(vscode.l10n.t('Attention Lens: put the cursor on a word of a document first.'));
      return null;
    }
    if (found.places.length > 0) return found;
    const word = editor.document.getText(toRange(found.range));
    say(
      direction === 'reads'
        ? vscode.l10n.t(
            '“{0}” reads no other word here: its weight goes to itself and the sink.',
            word,
          )
        : vscode.l10n.t('No other word reads “{0}” here.', word),
    );
    return null;
  }
}

/** As VS Code's own references do it: with a step in its history, and a peek view for several. */
async function goTo(
  editor: vscode.TextEditor,
  from: Position,
  places: readonly Place[],
  how: 'goto' | 'peek',
): Promise<void> {
  const { uri } = editor.document;
  const locations = places.map(({ range }) => new vscode.Location(uri, toRange(range)));
  const command = how === 'goto' ? 'editor.action.goToLocations' : 'editor.action.peekLocations';
  await vscode.commands.executeCommand(command, uri, toPosition(from), locations, how);
}

function currentEditor(): vscode.TextEditor | null {
  const editor = vscode.window.activeTextEditor;
  if (editor && isAnalysable(editor.document)) return editor;
  say(vscode.l10n.t('Attention Lens: put the cursor on a word of a document first.'));
  return null;
}

function say(sentence: string): void {
  void vscode.window.showInformationMessage(sentence);
}

function same(one: Position, other: Position): boolean {
  return one.line === other.line && one.character === other.character;
}

function plain({ line, character }: vscode.Position): Position {
  return { line, character };
}

function toPosition({ line, character }: Position): vscode.Position {
  return new vscode.Position(line, character);
}

function toRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(toPosition(start), toPosition(end));
}
