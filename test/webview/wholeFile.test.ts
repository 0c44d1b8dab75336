/** The whole file in the head's view, and heads found by the whole file. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser, openPanel, type PageOptions, type PanelPage } from './panelPage';
import { themes } from './themes';

const TIMEOUT_MS = 60_000;

describe('the whole file', function () {
  this.timeout(TIMEOUT_MS);
  let browser: Browser;
  let panel: PanelPage;

  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await panel?.screenshot(`failed ${this.currentTest.fullTitle()}`);
    await panel?.close();
  });

  const open = async (options: PageOptions = {}): Promise<PanelPage> => {
    const host = { tokens: 60, windows: 12, summarised: 8, ...options.host };
    panel = await openPanel(browser, { ...options, host });
    return panel;
  };
  const toggle = () => panel.page.getByRole('button', { name: 'whole file' });
  const map = () => panel.page.locator('al-document-map');
  const slider = () => map().getByRole('slider');
  const footer = async (): Promise<string> => (await map().locator('footer').innerText()) ?? '';
  /** Idle work has been through so many windows. */
  const fillIn = (summarised: number) =>
    panel.page.evaluate((count) => {
      const { state } = window.fakeHost;
      window.fakeHost.summarised = count;
      const { uri, version } = state.document!;
      const documents = [{ uri, version, windows: 12, analysed: 2, summaries: count }];
      window.fakeHost.update({ status: { ...state.status!, documents } });
    }, summarised);

  for (const theme of Object.keys(themes) as (keyof typeof themes)[])
    it(`is drawn with what is absent in the ${theme} theme`, async () => {
      await open({ theme, host: { saved: { whole: true } } });
      await panel.screenshot(`whole-file-${theme}`);
      assert.match(await footer(), /5 of 12 windows so far/);
      assert.deepEqual(panel.complaints, []);
    });

  it('is a button away, and fills in while idle work goes on', async () => {
    await open();
    await toggle().click();
    await panel.settled();
    assert.equal(await panel.page.locator('al-attention-map').count(), 0);
    const [asked] = (await panel.calls('documentMap')).filter(({ fill }) => fill);
    assert.ok(asked && asked.size >= 100 && asked.within > 0);
    await fillIn(12);
    await panel.settled();
    assert.match(await footer(), /8 of 12 windows so far/);
    await toggle().click();
    await panel.settled();
    assert.equal(await panel.page.locator('al-attention-map').count(), 1);
  });

  it('keeps its map until another head’s is there', async () => {
    await open({ host: { saved: { whole: true } } });
    await panel.page.evaluate(() => {
      window.fakeHost.hold('documentMap');
      const { selection } = window.fakeHost.state;
      window.fakeHost.update({ selection: { ...selection, head: 4 } });
    });
    await panel.settled();
    assert.equal(
      await map()
        .locator('canvas')
        .getAttribute('style')
        .then((style) => /opacity/.test(style ?? '')),
      true,
    );
    await panel.page.evaluate(() => window.fakeHost.release());
    await panel.settled();
    assert.equal(
      await map()
        .locator('canvas')
        .getAttribute('style')
        .then((style) => /opacity/.test(style ?? '')),
      false,
    );
    assert.equal((await panel.calls('documentMap')).at(-1)?.selection.head, 4);
  });

  it('goes to the window that is clicked, and back from it', async () => {
    await open({ host: { saved: { whole: true } } });
    const box = await map().locator('.surface').boundingBox();
    assert.ok(box);
    const side = Math.min(box.width - 46, box.height - 20) - 6;
    await panel.page.mouse.move(box.x + 46 + side * 0.49, box.y + 20 + side * 0.49);
    await panel.settled();
    assert.match(await footer(), /tokens \d+ to \d+ read tokens .*window 5 of 12/s);
    await panel.page.mouse.move(box.x + 46 + side * 0.95, box.y + 20 + side * 0.05);
    await panel.settled();
    assert.match(await footer(), /never seen together/);
    await panel.page.mouse.click(box.x + 46 + side * 0.49, box.y + 20 + side * 0.49);
    await panel.settled();
    assert.deepEqual(await panel.calls('showWindow'), [{ index: 5 }]);
    assert.equal(await panel.page.locator('al-attention-map').count(), 1);
  });

  it('is reached and used by keyboard', async () => {
    await open();
    await panel.page.locator('al-attention-map').getByRole('application').focus();
    await panel.page.keyboard.press('-');
    await panel.settled();
    assert.match((await slider().getAttribute('aria-valuetext')) ?? '', /window 0 of 12/);
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('ArrowDown');
    await panel.settled();
    assert.match(
      (await slider().getAttribute('aria-valuetext')) ?? '',
      /window 2 of 12, tokens 500 to 1009/,
    );
    await panel.screenshot('whole-file-window-chosen');
    await panel.page.keyboard.press('Enter');
    await panel.settled();
    assert.deepEqual(await panel.calls('showWindow'), [{ index: 2 }]);
    await panel.page.keyboard.press('-');
    await panel.settled();
    await panel.page.keyboard.press('0');
    await panel.settled();
    assert.equal(await map().count(), 0);
    assert.deepEqual(panel.complaints, []);
  });

  it('is not offered for a file of one window', async () => {
    await open({ host: { windows: 1, saved: { whole: true } } });
    assert.equal(await toggle().count(), 0);
    assert.equal(await panel.page.locator('al-attention-map').count(), 1);
  });

  it('fits into a narrow panel', async () => {
    await open({ width: 300, height: 600, host: { saved: { whole: true } } });
    await panel.screenshot('whole-file-narrow');
    const wide = await panel.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 300, String(wide));
  });

  it('finds heads by all its windows, and says how many those are', async () => {
    await open({ host: { saved: { view: 'overview' } } });
    const bar = panel.page.locator('al-finder-bar');
    await bar.getByRole('combobox', { name: 'Find heads' }).selectOption('self');
    await panel.settled();
    await bar.getByRole('button', { name: 'whole file' }).click();
    await panel.settled();
    const text = async (): Promise<string> => (await bar.locator('p').innerText()) ?? '';
    assert.match(await text(), /So far 8 of 12 windows are in it, with 61\.3/);
    await panel.screenshot('find-heads-whole-file');
    const asked = (await panel.calls('statistics')).at(-1);
    assert.deepEqual([asked?.scope, asked?.fill], ['document', true]);
    await fillIn(12);
    await panel.settled();
    assert.match(await text(), /All 12 windows of the file are in it/);
    await bar.getByRole('button', { name: 'this window' }).click();
    await panel.settled();
    assert.doesNotMatch(await text(), /windows/);
  });
});
