import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { INITIAL_SELECTION } from '../../server/protocol';
import { launchBrowser, openPanel, type PageOptions, type PanelPage } from './panelPage';
import { syntheticText } from './syntheticAttention';
import { themes } from './themes';

/** A browser's start and a page with 72 made-up heads, on a busy machine. */
const TIMEOUT_MS = 60_000;

const VIEW = { view: 'text' };

/** What no page may take for markup, with both directions of writing and wide characters. */
const AWKWARD = [
  '<b>bold</b> <img src=x onerror=alert(1)> &amp; ${code}',
  '',
  '    שלום עולם , the keeper said — مرحبا بالعالم',
  '\t灯塔 的 看守人 在 黄昏 之前 点亮 了 灯 。',
  `x${'y'.repeat(400)} end`,
];

describe('text', function () {
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
    (panel = await openPanel(browser, { ...options, host: { saved: VIEW, ...host } }));
  const surface = () => panel.page.locator('al-text-surface .text');
  const piece = (token: number) => surface().locator(`[data-tokens="${token}"]`);
  /** Whether the canvas behind the text shows anything warm (reads) and cool (read by). */
  const shown = (): Promise<boolean[]> =>
    panel.page.locator('al-text-surface canvas').evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let [warm, cool] = [false, false];
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] === 0) continue;
        warm ||= data[at]! > data[at + 2]! + 60;
        cool ||= data[at + 2]! > data[at]! + 60;
      }
      return [warm, cool];
    });
  const mean = { ...INITIAL_SELECTION, layer: 3 };

  for (const theme of Object.keys(themes) as (keyof typeof themes)[])
    it(`is shaded in the ${theme} theme, within the content policy`, async () => {
      await open({ theme, host: { tokens: 200, state: { selection: mean } } });
      await piece(63).click();
      await panel.settled();
      await panel.page.mouse.move(5, 5);
      await panel.settled();
      await panel.screenshot(`text-${theme}`);
      assert.deepEqual(panel.complaints, []);
    });

  it('stands there as in the document, as text and never as markup', async () => {
    await open({ host: { written: AWKWARD } });
    await panel.page.evaluate(() => window.fakeHost.moveCursor(2));
    await panel.settled();
    await panel.screenshot('text-awkward');
    const lines = await surface()
      .locator('.line')
      .evaluateAll((elements) => elements.map((element) => element.textContent));
    assert.deepEqual(lines, AWKWARD);
    assert.equal(await surface().locator('b, img').count(), 0);
    const right = await surface()
      .locator('.line')
      .nth(2)
      .evaluate((line) => {
        const [from, to] = [line.children[1], line.children[3]].map((child) =>
          child!.getBoundingClientRect(),
        );
        return from!.left > to!.left;
      });
    assert.ok(right, 'the first Hebrew word stands right of the second');
    assert.deepEqual(panel.complaints, []);
  });

  it('follows the cursor, what is selected, the pointer and what is clicked', async () => {
    await open({ host: { tokens: 64 } });
    const { texts } = syntheticText(64);
    await panel.page.evaluate(() => window.fakeHost.select(5, 9));
    await panel.settled();
    await panel.screenshot('text-selected');
    const inspector = panel.page.locator('al-inspector');
    assert.equal(await inspector.locator('h2').innerText(), `${texts[5]} … ${texts[8]}`);
    assert.match(
      await inspector.locator('h2 + .muted').innerText(),
      /tokens 5 to 8 of 64 · selected, as one query/,
    );
    assert.equal(await inspector.getByRole('button').count(), 0);
    const asked = (await panel.calls('row')).filter(({ queryRange }) => queryRange);
    assert.deepEqual(
      asked.map(({ direction, token }) => [direction, token]),
      [
        ['reads', undefined],
        ['readBy', undefined],
      ],
    );
    const title = panel.page.locator('al-text-view header code');
    await panel.page.evaluate(() => window.fakeHost.moveCursor(7));
    await panel.settled();
    assert.equal(await title.innerText(), texts[7]);
    await piece(20).hover();
    await panel.settled();
    assert.equal(await title.innerText(), texts[20]);
    await piece(20).click();
    await panel.page.mouse.move(5, 5);
    await panel.settled();
    assert.equal(await title.innerText(), texts[20]);
    assert.equal((await panel.calls('reveal')).length, 1);
    assert.ok((await piece(20).getAttribute('class'))?.includes('chosen'));
  });

  it('marks what is pinned in the editor', async () => {
    await open({ host: { tokens: 64 } });
    await panel.page.evaluate(() => window.fakeHost.pin([5, 9]));
    await panel.settled();
    const pinned = surface().locator('.pinned');
    assert.deepEqual(
      await pinned.evaluateAll((spans) =>
        spans.map((span) => (span as HTMLElement).dataset.tokens),
      ),
      ['5', '9'],
    );
    await panel.page.getByRole('radio', { name: 'Head', exact: true }).click();
    await panel.settled();
    await panel.screenshot('head-pinned');
    await panel.page.evaluate(() => window.fakeHost.pin([]));
    await panel.page.getByRole('radio', { name: 'Text', exact: true }).click();
    await panel.settled();
    assert.equal(await pinned.count(), 0);
  });

  it('shows both directions, or one of them', async () => {
    await open({ host: { tokens: 64, state: { selection: mean } } });
    await piece(20).click();
    await panel.settled();
    assert.deepEqual(await shown(), [true, true]);
    await panel.page.getByRole('radio', { name: 'read by', exact: true }).click();
    await panel.settled();
    assert.deepEqual(await shown(), [false, true]);
    await panel.page.getByRole('radio', { name: 'read by', exact: true }).press('ArrowLeft');
    await panel.settled();
    assert.deepEqual(await shown(), [true, false]);
    const saved = await panel.page.evaluate(() => window.fakeHost.saved);
    assert.equal((saved as { directions: string }).directions, 'reads');
  });

  it('is walked by arrow keys, and speaks', async () => {
    await open({ host: { tokens: 64 } });
    const { texts } = syntheticText(64);
    const spoken = panel.page.locator('al-text-view .unseen[role=status]');
    await surface().focus();
    await panel.page.keyboard.press('Home');
    await panel.page.keyboard.press('ArrowRight');
    await panel.settled();
    assert.match(await spoken.innerText(), new RegExp(`^${texts[2]}, token 2: reads .+; read by `));
    await panel.page.keyboard.press('ArrowDown');
    await panel.settled();
    assert.match(await spoken.innerText(), /, token 1[1-3]: /);
    await panel.page.keyboard.press('ArrowUp');
    await panel.settled();
    assert.match(await spoken.innerText(), /, token [1-3]: /);
    await panel.page.keyboard.press('Enter');
    await panel.settled();
    assert.equal((await panel.calls('reveal')).length, 1);
    await panel.page.keyboard.press('Escape');
    await panel.settled();
    assert.equal(await spoken.innerText(), '');
  });

  it('leads to how the strongest weight of a token comes about', async () => {
    await open({ host: { tokens: 64 } });
    const { texts } = syntheticText(64);
    await piece(20).click();
    await panel.page.keyboard.press('e');
    await panel.settled();
    const title = await panel.page.locator('al-explain-view h2').innerText();
    assert.match(title, new RegExp(`^${texts[20]} reads `));
    assert.doesNotMatch(title, new RegExp(` reads ${texts[20]} `));
  });

  it('fits a narrow panel', async () => {
    await open({ width: 300, height: 800, host: { tokens: 200 } });
    await panel.page.evaluate(() => window.fakeHost.moveCursor(30));
    await panel.settled();
    await panel.screenshot('text-narrow');
    assert.ok(
      await surface().evaluate((element) => element.scrollWidth <= element.clientWidth + 1),
    );
  });
});
