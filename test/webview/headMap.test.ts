import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser, openPanel, type PageOptions, type PanelPage } from './panelPage';
import { syntheticText } from './syntheticAttention';
import { themes } from './themes';

/** A browser's start and a page with 72 made-up heads, on a busy machine. */
const TIMEOUT_MS = 60_000;

describe('the head map', function () {
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

  const open = async (options: PageOptions = {}): Promise<PanelPage> =>
    (panel = await openPanel(browser, options));
  const surface = () => panel.page.locator('al-attention-map .surface');
  const sought = () => panel.page.locator('al-token-search input');
  const threshold = () => panel.page.getByRole('combobox', { name: 'threshold' });
  const exact = async () =>
    (await panel.calls('region')).filter(
      ({ selection, queries, rows }) => selection.head !== null && queries[1] - queries[0] === rows,
    );

  for (const theme of Object.keys(themes) as (keyof typeof themes)[])
    it(`fades, marks what was found and hatches what is masked in the ${theme} theme`, async () => {
      const reaches = theme.startsWith('high') ? undefined : new Array<number>(6).fill(24);
      await open({ theme, host: { causal: true, tokens: 64, reaches } });
      await threshold().selectOption('0.9');
      await sought().fill('keeper');
      await panel.page.keyboard.press('Enter');
      await panel.settled();
      await panel.screenshot(`head-threshold-${theme}`);
      assert.deepEqual(panel.complaints, []);
    });

  it('finds tokens by their text, forwards and backwards', async () => {
    await open({ host: { tokens: 200 } });
    const { texts } = syntheticText(200);
    const places = texts.flatMap((text, token) => (text === 'keeper' ? [token] : []));
    await surface().focus();
    await panel.page.keyboard.press('/');
    await panel.page.keyboard.type('keeper');
    const count = panel.page.locator('al-token-search [role=status]');
    assert.equal(await count.innerText(), `${places.length} found`);
    await panel.page.keyboard.press('Enter');
    await panel.page.keyboard.press('Enter');
    await panel.settled();
    assert.equal(await count.innerText(), `2 of ${places.length}`);
    const title = panel.page.locator('al-inspector .muted').first();
    assert.match(await title.innerText(), new RegExp(`^token ${places[1]} of 200`));
    await panel.page.keyboard.press('Shift+Enter');
    await panel.settled();
    assert.match(await title.innerText(), new RegExp(`^token ${places[0]} of 200`));
    await panel.page.keyboard.press('Escape');
    assert.equal(await sought().inputValue(), '');
    assert.ok(await surface().evaluate((element) => element.matches(':focus')));
    await sought().fill('no such token');
    assert.equal(await count.innerText(), 'not found');
  });

  it('fades by what is on the page already, and keeps the choice', async () => {
    await open({ height: 1000 });
    const before = (await exact()).length;
    await threshold().selectOption('0.5');
    await panel.settled();
    assert.equal((await exact()).length, before);
    assert.match(await sentence(), /faded: all but the fewest keys that hold 50.% of a row/);
    const saved = await panel.page.evaluate(() => window.fakeHost.saved);
    assert.equal((saved as { share: number }).share, 0.5);
  });

  it('asks for whole rows, of those in sight only, when it is zoomed', async () => {
    await open({
      host: { tokens: 512, saved: { zoom: { k: 12, x: 0.5, y: 0.5 }, share: 0.9 } },
    });
    const whole = (await exact()).filter(({ keys }) => keys[0] === 0 && keys[1] === 512);
    assert.equal(whole.length, 1);
    const [start, end] = whole[0]!.queries;
    assert.ok(start >= 250 && end - start < 60, `${start} to ${end}`);
    assert.equal(await panel.page.locator('al-minimap').isVisible(), true);
    await panel.screenshot('head-minimap');
  });

  it('shows where it is on a small map, which leads elsewhere', async () => {
    await open();
    const minimap = panel.page.locator('al-minimap');
    assert.equal(await minimap.isVisible(), false);
    await surface().focus();
    for (let step = 0; step < 6; step++) await panel.page.keyboard.press('+');
    await panel.settled();
    const box = await minimap.boundingBox();
    assert.ok(box);
    await panel.page.mouse.click(box.x + box.width - 4, box.y + box.height - 4);
    await panel.settled();
    const zoom = await panel.page.evaluate(
      () => (window.fakeHost.saved as { zoom: { x: number; y: number } }).zoom,
    );
    assert.ok(zoom.x > 0.7 && zoom.y > 0.7, JSON.stringify(zoom));
  });

  it('says that a masked cell is masked, not that its weight is zero', async () => {
    await open({ host: { causal: true, tokens: 40, reaches: new Array<number>(6).fill(8) } });
    const spoken = panel.page.locator('al-head-view [role=status]').last();
    const says = async (keys: string[], what: RegExp): Promise<void> => {
      for (const key of keys) await panel.page.keyboard.press(key);
      await panel.settled();
      assert.match(await spoken.innerText(), what);
    };
    await surface().focus();
    await says(['ArrowDown', 'End'], /masked$/);
    await says(new Array<string>(12).fill('ArrowDown'), /masked$/);
    await says(['Home'], /masked$/);
    await says(new Array<string>(5).fill('ArrowRight'), /%$/);
    assert.match(await sentence(), /keys more than 8 tokens away are masked/);
  });

  it('tells its strongest cells in words', async () => {
    await open({ host: { tokens: 40 } });
    const rows = panel.page.locator('al-head-view table tbody tr');
    assert.equal(await rows.count(), 10);
    assert.match(await rows.first().innerText(), /\d+.*\d.%/s);
  });

  it('keeps legend and controls within 230 pixels', async () => {
    await open({ width: 230, height: 900, host: { tokens: 64 } });
    await panel.screenshot('head-230');
    const over = await panel.page.locator('al-head-view').evaluate((view) => {
      const { right } = view.getBoundingClientRect();
      const inside = [...view.shadowRoot!.querySelectorAll('*')].filter(
        (element) => !element.closest('.unseen'),
      );
      const legend = view.shadowRoot!.querySelector('al-legend')!.shadowRoot!;
      return [...inside, ...legend.querySelectorAll('*')]
        .filter((element) => element.getBoundingClientRect().right > right + 1)
        .map((element) => `${element.tagName}.${element.className}`);
    });
    assert.deepEqual(over, []);
  });

  const sentence = (): Promise<string> => panel.page.locator('footer p').innerText();
});
