/** VS Code's workbench as a person uses it: keys, pointer, and what can be seen. */
import type { Frame, Locator, Page } from 'playwright-core';
import { until } from './until';

interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits until the extension has registered itself: its item is in the status bar. */
  async ready(): Promise<void> {
    await this.page.locator('.statusbar-item[id^="attention-lens."]').first().waitFor();
  }

  /** Waits until the editor of a file shows its text. */
  async editor(file: string): Promise<Locator> {
    const editor = this.page
      .locator(`.editor-instance .monaco-editor[data-uri$="/${file}"]`)
      .first();
    await editor.locator('.view-line').first().waitFor();
    return editor;
  }

  /** Leaves the room to the editors. */
  async hideSideBar(): Promise<void> {
    const sideBar = this.page.locator('.part.sidebar');
    if (!(await sideBar.isVisible())) return;
    await this.command('View: Toggle Primary Side Bar Visibility');
    await sideBar.waitFor({ state: 'hidden' });
  }

  /** Opens a file of the workspace through the quick-open list. */
  async open(file: string): Promise<void> {
    await this.page.keyboard.press('Control+P');
    await this.#pick(file);
    await this.editor(file);
  }

  /** Runs a command by its title in the palette. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.#pick(title, '>');
  }

  async #pick(label: string, prefix = ''): Promise<void> {
    const input = this.page.locator('.quick-input-widget input.input').first();
    await input.waitFor();
    await input.fill(prefix + label);
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: label }).first().click();
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** Puts the cursor in front of a text of the file. Line and column count from 1. */
  async goTo(line: number, column: number): Promise<void> {
    await this.page.keyboard.press('Control+G');
    const input = this.page.locator('.quick-input-widget input.input').first();
    await input.waitFor();
    await input.fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await this.page.locator('.statusbar-item', { hasText: `Ln ${line}, Col ${column}` }).waitFor();
  }

  /** Rests the pointer on a word and returns the texts of the hover; they wait for the analysis. */
  async hover(file: string, word: string, occurrence = 0): Promise<string[]> {
    const { page } = this;
    const hovers = page.locator('.monaco-hover:not(.hidden) .hover-row .rendered-markdown');
    // A hover that is still there would be read again.
    await page.mouse.move(5, 5);
    await page.keyboard.press('Escape');
    await hovers.first().waitFor({ state: 'hidden' });
    const place = await this.rectangle(file, word, occurrence);
    const centre = { x: place.x + place.width / 2, y: place.y + place.height / 2 };
    await page.mouse.move(centre.x, centre.y, { steps: 3 });
    await page.mouse.move(centre.x + 1, centre.y);
    await hovers.filter({ hasText: '%' }).first().waitFor();
    return hovers.allInnerTexts();
  }

  /** Where a word is drawn. Throws when it is not in sight. */
  async rectangle(file: string, word: string, occurrence = 0): Promise<Rectangle> {
    const editor = await this.editor(file);
    const found = await editor.evaluate(findText, { word, occurrence });
    if (!found) throw new Error(`"${word}" (${occurrence}) is not in sight in ${file}.`);
    return found;
  }

  /** The backgrounds that decorations give to the editor of a file, one for each rectangle. */
  async shades(file: string): Promise<string[]> {
    const editor = await this.editor(file);
    return editor.evaluate((element) =>
      [...element.querySelectorAll<HTMLElement>('.view-overlays .cdr[class*="ced-"]')]
        .map((shade) => `${shade.className}@${shade.style.left}@${shade.parentElement?.style.top}`)
        .sort(),
    );
  }

  /** Where the panel's page is drawn. Throws when it is not in sight. */
  async panelBox(): Promise<Rectangle> {
    const panel = await this.webview('attention-lens-panel');
    const box = await panel.locator('attention-lens-panel').boundingBox();
    if (!box) throw new Error('The panel is not in sight.');
    return box;
  }

  /** Switches the panel to a view by its name, and returns its frame once `selector` is there. */
  async panelView(name: string, selector: string): Promise<Frame> {
    const panel = await this.webview('al-toolbar [role=radio]');
    await panel.locator(`al-toolbar [role=radio][aria-label="${name}"]`).click();
    await panel.locator(selector).first().waitFor();
    return panel;
  }

  /** Chooses the first entry of the open list that has this text, by the keyboard. */
  async choose(text: string, prefix = ''): Promise<void> {
    const input = this.page.locator('.quick-input-widget input.input').first();
    await input.waitFor();
    await input.fill(prefix + text);
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    const row = rows.filter({ hasText: text }).first();
    await row.waitFor();
    await this.page.keyboard.press('Enter');
    // The next list may be there before anybody sees this one closed.
    await row.waitFor({ state: 'hidden' });
  }

  /** The frame of the panel's page, once it shows what the selector names. */
  async webview(selector: string): Promise<Frame> {
    return until(`a panel with ${selector}`, async () => {
      for (const frame of this.page.frames()) {
        if (frame === this.page.mainFrame() || frame.isDetached()) continue;
        const count = await frame
          .locator(selector)
          .count()
          .catch(() => 0);
        if (count > 0) return frame;
      }
      return undefined;
    });
  }
}

/** Runs in the page: the rectangle of the n-th occurrence of a text among the lines in sight. */
function findText(
  editor: Element,
  { word, occurrence }: { word: string; occurrence: number },
): Rectangle | null {
  const lines = [...editor.querySelectorAll<HTMLElement>('.view-lines > .view-line')].sort(
    (a, b) => parseFloat(a.style.top) - parseFloat(b.style.top),
  );
  let left = occurrence;
  for (const line of lines) {
    const text = (line.textContent ?? '').replaceAll('\u00a0', ' ');
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      if (left-- > 0) continue;
      const range = document.createRange();
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      let before = 0;
      let started = false;
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const length = node.textContent?.length ?? 0;
        if (!started && at < before + length) {
          range.setStart(node, at - before);
          started = true;
        }
        if (started && at + word.length <= before + length) {
          range.setEnd(node, at + word.length - before);
          const { x, y, width, height } = range.getBoundingClientRect();
          return { x, y, width, height };
        }
        before += length;
      }
    }
  }
  return null;
}
