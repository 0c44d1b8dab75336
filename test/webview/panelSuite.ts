import type { Browser } from 'playwright-core';
import { launchBrowser, openPanel, type PageOptions, type PanelPage } from './panelPage';

/** A browser's start and a page with 72 made-up heads, on a busy machine. */
const TIMEOUT_MS = 60_000;

/** What the tests of one suite share: a browser, and the page that the running test opened. */
export interface PanelSuite {
  /** Opens the panel; its page is closed after the test. */
  open(options?: PageOptions): Promise<PanelPage>;
  /** The page opened last. */
  readonly panel: PanelPage;
  readonly browser: Browser;
}

/** Defines a suite of tests of the panel; a test that fails leaves a picture of what it saw. */
export function panelSuite(title: string, define: (suite: PanelSuite) => void): void {
  describe(title, function () {
    this.timeout(TIMEOUT_MS);
    let browser: Browser | undefined;
    let pages: PanelPage[] = [];
    const last = (): PanelPage => {
      const page = pages.at(-1);
      if (!page) throw new Error('The test has not opened the panel.');
      return page;
    };

    before(async () => {
      browser = await launchBrowser();
    });
    after(() => browser?.close());
    afterEach(async function () {
      if (this.currentTest?.state === 'failed')
        await pages.at(-1)?.screenshot(`failed ${this.currentTest.fullTitle()}`);
      await Promise.all(pages.map((page) => page.close()));
      pages = [];
    });

    define({
      async open(options = {}) {
        pages.push(await openPanel(this.browser, options));
        return last();
      },
      get panel() {
        return last();
      },
      get browser() {
        if (!browser) throw new Error('The browser has not started.');
        return browser;
      },
    });
  });
}
