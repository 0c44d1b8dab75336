import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { INITIAL_SELECTION } from '../../server/protocol';
import { launchBrowser, openPanel, type PageOptions, type PanelPage } from './panelPage';
import { HEADS, syntheticText } from './syntheticAttention';
import { themes } from './themes';

/** A browser's start and a page with 72 made-up heads, on a busy machine. */
const TIMEOUT_MS = 60_000;

const LINES = { lines: { count: 200, sink: null, row: 18, at: 0 }, view: 'lines' };

describe('lines', function () {
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

  const open = async ({ host, ...options }: PageOptions = {}): Promise<PanelPage> =>
    (panel = await openPanel(browser, { ...options, host: { saved: LINES, ...host } }));
  const scroller = () => panel.page.locator('al-lines-canvas .scroller');
  const heads = { ...INITIAL_SELECTION, layer: 2, heads: [1, 2, 5, 9] };

  for (const theme of Object.keys(themes) as (keyof typeof themes)[])
    it(`are drawn in the ${theme} theme, within the content policy`, async () => {
      await open({ theme, host: { state: { selection: heads } } });
      await panel.screenshot(`lines-${theme}`);
      const box = await scroller().boundingBox();
      assert.ok(box);
      await panel.page.mouse.move(box.x + box.width / 2 - 270, box.y + 200);
      await panel.settled();
      await panel.screenshot(`lines-isolated-${theme}`);
      assert.deepEqual(panel.complaints, []);
    });

  it('ask only for the weights between the tokens in sight, of each head drawn', async () => {
    await open({ host: { tokens: 512, state: { selection: heads } } });
    const regions = (await panel.calls('region')).filter(
      ({ selection }) => selection.head !== null,
    );
    assert.deepEqual(
      [...new Set(regions.map(({ selection }) => selection.head))].sort((a, b) => a! - b!),
      heads.heads,
    );
    const exact = regions.filter(({ queries, rows }) => queries[1] - queries[0] === rows);
    assert.equal(exact.length, 4);
    for (const { queries, keys } of exact)
      assert.deepEqual(
        [queries, keys],
        [
          [0, 384],
          [0, 384],
        ],
      );
  });

  it('are of the heads that are chosen, in the selection that all views share', async () => {
    await open({ host: { tokens: 64 } });
    const box = (name: string) => panel.page.getByRole('checkbox', { name, exact: true });
    assert.equal(await panel.page.locator('al-head-picker [role=checkbox]').count(), HEADS);
    await box('head 5').click();
    await panel.settled();
    const sent = (await panel.calls('setSelection')).at(-1);
    assert.deepEqual([sent?.head, sent?.heads], [null, [2, 5]]);
    assert.match(await sentence(), /^Layer 2, heads 2, 5, raw: lines lead/);
    await box('head 2').click();
    await panel.settled();
    const alone = (await panel.calls('setSelection')).at(-1);
    assert.deepEqual([alone?.head, alone?.heads], [5, null]);
    await box('head 7').dblclick();
    await panel.settled();
    assert.equal((await panel.calls('setSelection')).at(-1)?.head, 7);
    await panel.page.getByRole('button', { name: 'mean', exact: true }).click();
    await panel.settled();
    const mean = (await panel.calls('setSelection')).at(-1);
    assert.deepEqual([mean?.head, mean?.heads], [null, null]);
  });

  it('of a token are shown alone, by pointer and keyboard, and it is read out', async () => {
    await open({
      host: { tokens: 64, saved: { ...LINES, lines: { ...LINES.lines, sink: false } } },
    });
    const { texts } = syntheticText(64);
    await scroller().focus();
    for (const key of ['Home', 'ArrowDown', 'ArrowDown', 'ArrowDown'])
      await panel.page.keyboard.press(key);
    await panel.settled();
    const readout = panel.page.locator('al-lines-view [role=status]');
    assert.match(await readout.innerText(), new RegExp(`^${texts[3]} 3 · reads .*%`));
    assert.equal(await panel.page.locator('al-inspector h2').innerText(), texts[3]);
    await panel.page.keyboard.press('ArrowRight');
    await panel.settled();
    assert.doesNotMatch(await readout.innerText(), new RegExp(`^${texts[3]} 3 `));
    await panel.page.keyboard.press('Enter');
    await panel.settled();
    assert.equal((await panel.calls('reveal')).length, 1);
    await panel.page.keyboard.press('Escape');
    await panel.settled();
    assert.equal(await readout.count(), 0);
  });

  it('tell their weight where one is pointed at, and lead to how it comes about', async () => {
    const drawn = { ...INITIAL_SELECTION, layer: 2, heads: [2, 5] };
    const lines = { ...LINES.lines, sink: false, count: 1 };
    await open({ host: { tokens: 40, state: { selection: drawn }, saved: { ...LINES, lines } } });
    const strongest = panel.page.locator('al-lines-view tbody tr').first();
    const [head, query, key, weight] = await strongest.locator('td').allInnerTexts();
    assert.ok(head && query && key && weight);
    const place = await placeOfLine(Number(query.split(' ')[1]), Number(key.split(' ')[1]));
    await panel.page.mouse.move(place.x, place.y);
    await panel.settled();
    const readout = panel.page.locator('al-lines-view [role=status]');
    await panel.screenshot('lines-pointed');
    const text = (await readout.innerText()).replace(/\s+/g, ' ');
    assert.equal(text, `${query} · reads ${key} ${weight} head ${head}`.replace(/\s+/g, ' '));
    await panel.page.mouse.click(place.x, place.y);
    await panel.settled();
    assert.ok((await panel.calls('reveal'))[0]?.key);
    await panel.page.keyboard.press('e');
    await panel.settled();
    assert.equal((await panel.calls('setSelection')).at(-1)?.head, Number(head));
    const title = await panel.page.locator('al-explain-view h2').innerText();
    assert.match(title, new RegExp(`^${query.split(' ')[0]} reads ${key.split(' ')[0]} `));
  });

  it('of a token chosen by keyboard lead to its strongest weight', async () => {
    await open({
      host: { tokens: 40, saved: { ...LINES, lines: { ...LINES.lines, sink: false } } },
    });
    await scroller().focus();
    for (const key of ['Home', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'e'])
      await panel.page.keyboard.press(key);
    await panel.settled();
    const { texts } = syntheticText(40);
    const title = await panel.page.locator('al-explain-view h2').innerText();
    assert.match(title, new RegExp(`^${texts[3]} reads `));
    assert.doesNotMatch(title, new RegExp(` reads ${texts[3]} `));
  });

  /** A place on the line between two tokens of a text that is not scrolled. */
  async function placeOfLine(query: number, key: number): Promise<{ x: number; y: number }> {
    const box = await scroller().boundingBox();
    assert.ok(box);
    const row = (token: number): number => box.y + (token + 0.5) * LINES.lines.row;
    // Where all lines are half way across they are half way down.
    return { x: box.x + box.width / 2, y: (row(query) + row(key)) / 2 };
  }

  it('leave the sink out where the reading does, or where the person says so', async () => {
    await open({ host: { tokens: 64, state: { selection: { ...INITIAL_SELECTION, layer: 1 } } } });
    const sink = panel.page.getByRole('checkbox', { name: 'sink and special tokens' });
    const table = panel.page.locator('al-lines-view table');
    assert.ok(await sink.isChecked());
    assert.match(await table.innerText(), /\[CLS\]|\[SEP\]/);
    await sink.uncheck();
    await panel.settled();
    assert.doesNotMatch(await table.innerText(), /\[CLS\]|\[SEP\]/);
    assert.equal(await table.locator('tbody tr').count(), 10);
  });

  it('keep their place, number and heads over a reload', async () => {
    await open({ host: { tokens: 512 } });
    await scroller().evaluate((element) => (element.scrollTop = 3000));
    await panel.page.getByRole('slider', { name: 'strongest' }).fill('50');
    await panel.settled();
    const saved = await panel.page.evaluate(() => window.fakeHost.saved);
    await panel.close();
    await open({ host: { tokens: 512, saved } });
    assert.equal(await scroller().evaluate((element) => Math.round(element.scrollTop)), 3000);
    assert.match(await sentence(), /the 40 strongest/);
  });

  it('fit a narrow panel, and all tokens at once', async () => {
    await open({ width: 300, height: 800 });
    await panel.screenshot('lines-narrow');
    await panel.page.setViewportSize({ width: 1200, height: 800 });
    await scroller().focus();
    await panel.page.keyboard.press('0');
    await panel.settled();
    assert.ok(
      await scroller().evaluate((element) => element.scrollHeight <= element.clientHeight + 1),
    );
    await panel.screenshot('lines-all');
  });

  const sentence = (): Promise<string> => panel.page.locator('footer p').innerText();
});
