/** One VS Code with the packaged extension and one browser page, for a whole run. */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, workbenchAddress } from '../hosts/page.mjs';
import { root, temporaryFolder } from '../hosts/places.mjs';
import { startServer, type RunningServer } from '../hosts/server.mjs';
import { quiet } from '../hosts/settings.mjs';
import { Workbench } from './workbench';

/** Where the pictures of a run are. */
export const screenshots = join(root, 'out/screenshots/vscode');

/** Fits a slide, and the README's pictures stay sharp. */
const viewport = { width: 1400, height: 880 };

/** Themes follow the browser's colour scheme; the room goes to text and panel. */
const forPictures = {
  'window.autoDetectColorScheme': true,
  'workbench.activityBar.location': 'hidden',
  'breadcrumbs.enabled': false,
  // What is written is saved when a test says so.
  'files.autoSave': 'off',
  'window.title': '${activeEditorShort}',
};

/** The first start reads and checks 45 MB of weights. */
const actionTimeoutMs = 60_000;

export type Theme = 'light' | 'dark';

export class Session {
  readonly #folder = temporaryFolder('e2e');
  #server: RunningServer | undefined;
  #browser: Browser | undefined;
  #pages: Page[] = [];

  get workspace(): string {
    return join(this.#folder, 'samples');
  }

  /** Starts VS Code with the package that ATTENTION_LENS_VSIX names. */
  async start(): Promise<void> {
    const vsix = process.env.ATTENTION_LENS_VSIX;
    if (!vsix) throw new Error('ATTENTION_LENS_VSIX must name the package; npm test does that.');
    cpSync(join(root, 'samples'), this.workspace, { recursive: true });
    mkdirSync(screenshots, { recursive: true });
    this.#server = await startServer({
      edition: 'newest',
      settings: { ...quiet, ...forPictures },
      vsix,
    });
    this.#browser = await launchBrowser();
  }

  /** Opens a page with one of the samples in the editor, wider where both it and the panel need room. */
  async open(file: string, theme: Theme = 'light', width = viewport.width): Promise<Workbench> {
    if (!this.#server || !this.#browser) throw new Error('The session has not been started.');
    const context = await this.#browser.newContext({
      viewport: { ...viewport, width },
      deviceScaleFactor: 1.5,
      colorScheme: theme,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(actionTimeoutMs);
    this.#pages.push(page);
    await page.goto(workbenchAddress(this.#server, this.workspace));
    const workbench = new Workbench(page);
    await workbench.ready();
    await workbench.open(file);
    await workbench.hideSideBar();
    return workbench;
  }

  /** The pages of a failed test, as pictures. */
  async saveFailure(title: string): Promise<void> {
    const name = title.replace(/\W+/g, '-').slice(0, 80);
    for (const [index, page] of this.#pages.entries()) {
      if (!page.isClosed())
        await page.screenshot({ path: join(screenshots, `failed-${name}-${index}.png`) });
    }
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    await this.#server?.stop();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
