import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser, openPanel, type PageOptions, type PanelPage } from './panelPage';
import { INITIAL_SELECTION } from '../../server/protocol';

/** A browser's start and pages with made-up heads, on a busy machine. */
const TIMEOUT_MS = 60_000;
const one = (layer: number, head: number) => ({ ...INITIAL_SELECTION, layer, head });
const ROPE = {
  kind: 'rope',
  base: 10_000,
  pairing: 'halfSplit',
  dimensions: 32,
  scaling: { kind: 'default' },
  trainedLength: 512,
} as const;
const number = (text: string): number => Number(text.replace('−', '-').replace(/[^\d.-]/g, ''));

describe('a weight explained in the panel', function () {
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

  const open = async (host: PageOptions['host'] = {}, rest: PageOptions = {}) => {
    panel = await openPanel(browser, {
      height: 1400,
      ...rest,
      host: { tokens: 40, saved: { view: 'explain' }, state: { selection: one(0, 2) }, ...host },
    });
    await panel.page.evaluate(() => window.fakeHost.moveCursor(5));
    await panel.settled();
  };
  const view = () => panel.page.locator('al-explain-view');
  const text = () => view().locator('div').first().innerText();
  const rows = async (section: number): Promise<string[][]> => {
    const lines = view().locator('section').nth(section).locator('tbody tr');
    const count = await lines.count();
    return Promise.all(
      Array.from({ length: count }, (_, at) => lines.nth(at).locator('td').allInnerTexts()),
    );
  };

  it('adds up to the last digit that is printed', async () => {
    await open();
    const foot = (section: number) =>
      view().locator('section').nth(section).locator('tfoot td').last().innerText();
    const products = await rows(0);
    assert.equal(products.length, 13);
    let sum = 0;
    for (const cells of products) {
      sum += Math.round(number(cells.at(-2) ?? '') * 1e5);
      assert.equal(sum, Math.round(number(cells.at(-1) ?? '') * 1e5));
    }
    assert.equal(sum, Math.round(number(await foot(0)) * 1e5));
    const weights = (await rows(2)).map((cells) => Math.round(number(cells.at(-1) ?? '') * 100));
    assert.equal(
      weights.reduce((total, weight) => total + weight, 0),
      10_000,
    );
    assert.equal(number(await foot(2)), 100);
    await panel.screenshot('explain-dark');
    assert.deepEqual(panel.complaints, []);
  });

  it('lists all dimensions when asked to', async () => {
    await open();
    await view().getByRole('button', { name: 'Show all 32 dimensions' }).press('Enter');
    assert.equal((await rows(0)).length, 32);
    await view().getByRole('button', { name: 'Show the largest only' }).click();
    assert.equal((await rows(0)).length, 13);
  });

  it('asks for a head where a mean is shown, and offers the strongest', async () => {
    await open({ state: { selection: INITIAL_SELECTION } });
    assert.match(await text(), /Choose one head/);
    const buttons = view().locator('.heads button');
    assert.equal(await buttons.count(), 6);
    const name = await buttons.first().innerText();
    await panel.screenshot('explain-mean');
    await buttons.first().click();
    await panel.settled();
    const [layer, head] = name.split(':')[0]!.split('.').map(Number);
    const chosen = (await panel.calls('setSelection')).at(-1);
    assert.deepEqual([chosen?.layer, chosen?.head], [layer, head]);
    assert.match(await view().locator('h3').first().innerText(), /Query times key/);
  });

  it('is reached from a cell by "e"', async () => {
    await open({ saved: { view: 'head' } });
    await panel.page.locator('al-attention-map .surface').focus();
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('ArrowRight');
    await panel.settled();
    await panel.page.keyboard.press('e');
    await panel.settled();
    const asked = (await panel.calls('explain')).at(-1);
    assert.ok(asked);
    assert.match(
      await view().locator('h2 + p').innerText(),
      new RegExp(`tokens ${asked.query} and ${asked.key}`),
    );
  });

  it('shows what RoPE turned, and fits into 300 pixels', async () => {
    await open({ position: ROPE }, { theme: 'light', width: 300 });
    assert.match(await text(), /query before/);
    const wide = await view().evaluate((element) => element.scrollWidth - element.clientWidth);
    assert.ok(wide <= 0, `${wide} pixels too wide`);
    await panel.screenshot('explain-narrow');
  });

  it('estimates by shuffling only when asked to', async () => {
    await open({ state: { selection: one(2, 1) } });
    assert.equal((await panel.calls('positionShare')).length, 0);
    await view().getByRole('button', { name: 'Estimate by shuffling' }).click();
    await panel.settled();
    assert.equal((await panel.calls('positionShare')).length, 1);
    assert.match(await view().locator('al-pair-card p').last().innerText(), /8 shuffles/);
  });
});
