import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser, openPanel, type PageOptions, type PanelPage } from './panelPage';
import { syntheticHead, syntheticText } from './syntheticAttention';
import { themes } from './themes';
import { INITIAL_SELECTION } from '../../server/protocol';

/** A browser's start and a page with 72 made-up heads, on a busy machine. */
const TIMEOUT_MS = 60_000;

describe('panel', function () {
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
  const readout = () => panel.page.locator('al-head-view .readout');

  /** Middle of a cell of a map that is all in sight. */
  const cellPlace = async (query: number, key: number, count = 512): Promise<[number, number]> => {
    const box = await surface().boundingBox();
    assert.ok(box);
    const cell = Math.min(44, Math.min(box.width, box.height) / count);
    return [box.x + (key + 0.5) * cell, box.y + (query + 0.5) * cell];
  };
  const pointAt = async (query: number, key: number, count = 512): Promise<void> => {
    await panel.page.mouse.move(...(await cellPlace(query, key, count)));
    await panel.settled();
  };

  for (const theme of Object.keys(themes) as (keyof typeof themes)[])
    it(`draws heads and map in the ${theme} theme, within the content policy`, async () => {
      await open({ theme, host: { tokens: 160 } });
      await pointAt(100, 90, 160);
      await panel.screenshot(`head-${theme}`);
      await panel.page.getByRole('radio', { name: 'Overview' }).click();
      await panel.settled();
      await panel.screenshot(`overview-${theme}`);
      assert.equal(await panel.page.locator('al-overview-view [role=option]').count(), 79);
      assert.deepEqual(panel.complaints, []);
    });

  describe('what it asks for', () => {
    it('is what is on screen, in requests that fit an answer', async () => {
      await open({ host: { tokens: 512 } });
      const regions = await mapRegions();
      assert.ok(regions.length > 0);
      for (const { rows, columns } of regions) assert.ok(rows * columns <= 187_500);
      const covered = regions.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
      const coarse = 256 * 256;
      assert.ok(covered === 512 * 512 || covered === 512 * 512 + coarse, `${covered} values`);
      assert.equal((await panel.calls('overview')).length, 1);
      assert.deepEqual(
        (await panel.calls('overview')).map(({ size }) => size),
        [64],
      );
      assert.deepEqual(await panel.calls('row'), []);
    });

    it('is less when only a part is in sight', async () => {
      await open({ host: { tokens: 512, saved: { zoom: { k: 12, x: 0.1, y: 0.1 } } } });
      const regions = await mapRegions();
      const fine = regions.filter(({ queries, rows }) => queries[1] - queries[0] === rows);
      assert.deepEqual(
        fine.map(({ queries, keys }) => [queries, keys]),
        [
          [
            [0, 384],
            [0, 384],
          ],
        ],
      );
    });

    it('is not asked twice', async () => {
      await open();
      const before = (await panel.calls('region')).length;
      for (const name of ['Overview', 'Head', 'Overview', 'Head']) {
        await panel.page.getByRole('radio', { name }).click();
        await panel.settled();
      }
      assert.equal((await panel.calls('region')).length, before);
      assert.equal((await panel.calls('overview')).length, 1);
    });

    it('is given up when another head is chosen', async () => {
      await open();
      await panel.page.evaluate(() => window.fakeHost.hold('region'));
      const heads = panel.page.locator('nav [role=option]');
      await heads.nth(5).click();
      await panel.settled();
      await heads.nth(9).click();
      await panel.settled();
      await panel.page.evaluate(() => window.fakeHost.release());
      await panel.settled();
      const cancelled = await panel.page.evaluate(() => window.fakeHost.cancelled);
      assert.ok(cancelled.length > 0);
      assert.ok(cancelled.every((method) => method === 'region'));
      const { texts } = syntheticText(512);
      await pointAt(100, 99);
      const weight = syntheticHead(texts, 0, 8)[100 * 512 + 99] ?? 0;
      assert.ok(
        (await readout().innerText())
          .replace(/\u202f/g, '')
          .includes(`${(weight * 100).toFixed(1)}%`),
      );
    });

    it('starts afresh with a new generation, and drops the answers of the old', async () => {
      await open({ host: { tokens: 40 } });
      await panel.page.evaluate(() => {
        window.fakeHost.hold('tokens', 'overview');
        window.fakeHost.update({ generation: 2, stale: true });
      });
      await panel.settled();
      assert.equal(await panel.page.locator('al-attention-map').evaluate(isStale), true);
      await panel.page.evaluate(() => {
        window.fakeHost.update({ generation: 3, stale: false });
        window.fakeHost.release();
      });
      await panel.settled();
      assert.equal(await panel.page.locator('al-attention-map').evaluate(isStale), false);
      assert.deepEqual(
        (await panel.calls('tokens')).map(({ generation }) => generation),
        [1, 2, 3],
      );
      assert.equal((await panel.calls('region')).at(-1)?.generation, 3);
    });
  });

  describe('the map', () => {
    it('reads out the exact weight of the cell under the pointer, and both tokens', async () => {
      await open({ host: { tokens: 512 } });
      const { texts } = syntheticText(512);
      const weights = syntheticHead(texts, 2, 2);
      await pointAt(300, 511);
      const text = (await readout().innerText()).replace(/\u202f/g, ' ');
      const weight = (weights[300 * 512 + 511] ?? 0) * 100;
      assert.equal(
        text.replace(/\s+/g, ' '),
        `${texts[300]} 300 reads [SEP] 511 ${weight.toFixed(1)} %`,
      );
    });

    it('says of how many cells a weight is the largest while it is coarse', async () => {
      await open({ host: { tokens: 512, state: { selection: INITIAL_SELECTION } } });
      await panel.page.evaluate(() => window.fakeHost.hold('region', 'row'));
      await panel.page.locator('nav [role=option]').nth(5).click();
      await panel.settled();
      await pointAt(300, 511);
      assert.match(await readout().innerText(), /max of 8×8 cells/);
    });

    it('lights the cell’s tokens up in the editor, and puts them out again', async () => {
      await open({ host: { tokens: 40 } });
      await pointAt(5, 9, 40);
      const { places } = syntheticText(40);
      const lit = (await panel.calls('highlight')).at(-1);
      assert.equal(lit?.query?.start.character, places[5]?.start);
      assert.equal(lit?.key?.start.character, places[9]?.start);
      await pointAtNothing();
      await waitFor(async () => (await panel.calls('highlight')).at(-1) === null);
    });

    it('shows a clicked cell in the editor', async () => {
      await open({ host: { tokens: 40 } });
      await panel.page.mouse.click(...(await cellPlace(5, 0, 40)));
      await panel.settled();
      const [shown] = await panel.calls('reveal');
      assert.ok(shown?.query);
      assert.equal(shown.key, null);
    });

    it('is worked by keyboard and speaks', async () => {
      await open({ host: { tokens: 40 } });
      await surface().focus();
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight'])
        await panel.page.keyboard.press(key);
      await panel.settled();
      const { texts } = syntheticText(40);
      const spoken = panel.page.locator('al-head-view [role=status]');
      assert.match(
        await spoken.innerText(),
        new RegExp(`^${texts[2]}, token 2, reads ${texts[1]}, token 1: `),
      );
      await panel.page.keyboard.press('Enter');
      await panel.settled();
      assert.equal((await panel.calls('reveal')).length, 1);
      await panel.page.keyboard.press('Escape');
      await panel.settled();
      assert.equal(await spoken.innerText(), '');
    });

    it('zooms by keys and wheel, and keeps the zoom', async () => {
      await open();
      await surface().focus();
      await panel.page.keyboard.press('+');
      await panel.settled();
      assert.equal(await savedZoom(), 1.5);
      await panel.page.keyboard.press('0');
      assert.equal(await savedZoom(), 1);
      await panel.page.mouse.move(...(await cellPlace(256, 256)));
      await panel.page.keyboard.down('Control');
      await panel.page.mouse.wheel(0, -100);
      await panel.page.keyboard.up('Control');
      await waitFor(async () => (await savedZoom()) > 1.1);
      await panel.page.getByRole('button', { name: 'Show the whole map' }).click();
      await waitFor(async () => (await savedZoom()) === 1);
    });

    it('fits a row by double click, and all by another', async () => {
      await open({ host: { tokens: 512 } });
      const place = await cellPlace(300, 200);
      await panel.page.mouse.dblclick(...place);
      await waitFor(async () => (await savedZoom()) > 5);
      await panel.settled();
      await panel.screenshot('head-zoomed');
      await panel.page.mouse.dblclick(...place);
      await waitFor(async () => (await savedZoom()) === 1);
    });

    it('shows all of another document, and the same part of an edited one', async () => {
      await open({ host: { tokens: 64 } });
      await surface().focus();
      await panel.page.keyboard.press('+');
      await panel.page.evaluate(() => window.fakeHost.update({ generation: 2 }));
      assert.equal(await savedZoom(), 1.5);
      const document = { uri: 'file:///other.md', name: 'other.md', version: 1 };
      await panel.page.evaluate(
        (other) => window.fakeHost.update({ generation: 3, document: other }),
        document,
      );
      await waitFor(async () => (await savedZoom()) === 1);
    });

    it('marks the token at the editor’s cursor', async () => {
      await open({ host: { tokens: 40 } });
      await panel.page.evaluate(() => window.fakeHost.moveCursor(7));
      await panel.settled();
      const { texts } = syntheticText(40);
      const inspector = panel.page.locator('al-inspector');
      assert.equal(await inspector.locator('h2').innerText(), texts[7]);
      assert.match(await inspector.locator('.muted').first().innerText(), /token 7 of 40 · 1:\d+/);
      await panel.screenshot('head-cursor');
      await panel.page.evaluate(() => window.fakeHost.moveCursor(null));
      await panel.settled();
      assert.equal(await inspector.locator('h2').count(), 0);
    });

    it('takes its colours from the theme, also when that changes', async () => {
      await open({ host: { tokens: 40 } });
      assert.deepEqual(await emptyColor(), [31, 31, 31]);
      await panel.setTheme('light');
      await panel.settled();
      assert.deepEqual(await emptyColor(), [255, 255, 255]);
    });
  });

  describe('heads', () => {
    it('are chosen by click, and shared with the host', async () => {
      await open({ host: { tokens: 64 } });
      await panel.page.getByRole('option', { name: 'layer 4, head 7' }).click();
      await panel.settled();
      assert.deepEqual(await panel.calls('setSelection'), [
        { ...INITIAL_SELECTION, layer: 4, head: 7, reading: 'raw', encoding: null },
      ]);
      assert.match(await sentence(), /^Layer 4, head 7, raw: each row is a reading token/);
    });

    it('are walked by arrow keys, means included', async () => {
      await open({ host: { tokens: 64 } });
      await panel.page.locator('nav [role=listbox]').focus();
      await panel.page.keyboard.press('Home');
      await panel.settled();
      assert.match(await sentence(), /^Mean of all 72 heads/);
      await panel.page.keyboard.press('ArrowDown');
      await panel.page.keyboard.press('ArrowLeft');
      await panel.page.keyboard.press('End');
      await panel.settled();
      assert.match(await sentence(), /^Layer 5, mean of 12 heads/);
      const active = await panel.page
        .locator('nav [role=listbox]')
        .getAttribute('aria-activedescendant');
      const name = await panel.page.locator(`nav #${active}`).getAttribute('aria-label');
      assert.equal(name, 'layer 5, mean of its heads');
    });

    it('open from the overview', async () => {
      await open({ host: { tokens: 64, saved: { view: 'overview' } } });
      await panel.page.getByRole('option', { name: 'layer 1, head 3' }).click();
      await panel.settled();
      assert.equal(await panel.page.locator('al-head-view').count(), 1);
      assert.match(await sentence(), /^Layer 1, head 3/);
    });
  });

  describe('the toolbar', () => {
    it('is one tab stop, with arrow keys inside', async () => {
      await open({ host: { tokens: 64 } });
      const stops = panel.page.locator('al-toolbar [tabindex="0"]');
      assert.equal(await stops.count(), 1);
      await stops.focus();
      await panel.page.keyboard.press('ArrowRight');
      assert.equal(await stops.count(), 1);
      assert.match(await stops.innerText(), /Head/);
    });

    it('changes the reading and the scale', async () => {
      await open({ host: { tokens: 64 } });
      await panel.page.getByLabel('Reading', { exact: true }).selectOption('withoutSink');
      await panel.settled();
      assert.equal((await panel.calls('setSelection')).at(-1)?.reading, 'withoutSink');
      assert.equal((await panel.calls('overview')).at(-1)?.reading, 'withoutSink');
      assert.match(await panel.page.locator('al-legend figcaption').innerText(), /weight, log/);
      await panel.page.getByRole('button', { name: 'log' }).click();
      await panel.settled();
      assert.match(await panel.page.locator('al-legend figcaption').innerText(), /weight, linear/);
    });

    it('goes to a window by the bar that stands for the whole file', async () => {
      await open({ host: { windows: 12, tokens: 40 } });
      const bar = panel.page.getByRole('slider', { name: 'Windows of the whole file' });
      await panel.screenshot('file-band');
      assert.match(
        (await bar.getAttribute('aria-valuetext')) ?? '',
        /window 0 of 12, tokens 0 to 509 of 3260, analysed/,
      );
      const box = await bar.boundingBox();
      assert.ok(box);
      await panel.page.mouse.click(box.x + box.width / 2, box.y + box.height * 0.45);
      await bar.press('ArrowDown');
      await bar.press('End');
      await panel.settled();
      assert.deepEqual(
        (await panel.calls('showWindow')).map(({ index }) => index),
        [5, 6, 11],
      );
      assert.deepEqual(panel.complaints, []);
    });

    it('shows no such bar for a file of one window', async () => {
      await open({ host: { tokens: 40 } });
      assert.equal(
        await panel.page.getByRole('slider', { name: 'Windows of the whole file' }).count(),
        0,
      );
      assert.deepEqual(await panel.calls('documentMap'), []);
    });

    it('goes through the windows of a long document', async () => {
      await open({ host: { windows: 12, tokens: 40 } });
      assert.match(await sentence(), /window 0 of 12/);
      assert.ok(await panel.page.getByRole('button', { name: 'Previous window' }).isDisabled());
      await panel.page.getByRole('button', { name: 'Next window' }).click();
      await panel.settled();
      assert.deepEqual(await panel.calls('showWindow'), [{ index: 1 }]);
    });
  });

  describe('states', () => {
    it('teach the first hover when nothing is open', async () => {
      await open({ host: { state: { document: null } } });
      await panel.screenshot('state-empty');
      assert.match(await conditionText(), /Rest the pointer on a word/);
      assert.deepEqual(await panel.calls('tokens'), []);
    });

    it('wait for the model, and then draw', async () => {
      await open({ host: { tokens: 40, state: { status: null } } });
      await panel.screenshot('state-loading');
      assert.match(await conditionText(), /Loading the model/);
      const { status } = await ready();
      await panel.page.evaluate((given) => window.fakeHost.update({ status: given }), status);
      await panel.settled();
      assert.equal(await panel.page.locator('al-attention-map').count(), 1);
    });

    it('show how far the analysis is and let it be cancelled', async () => {
      await open({ host: { tokens: 40, state: { progress: 0.42 } } });
      await panel.screenshot('state-analysing');
      assert.match(await conditionText(), /42 % done/);
      await panel.page.getByRole('button', { name: 'Cancel' }).click();
      await panel.settled();
      assert.equal((await panel.calls('cancel')).length, 1);
    });

    it('say what is wrong and keep the picture', async () => {
      const problem = {
        message: 'The attention engine stopped twice.',
        action: 'restart',
      } as const;
      await open({ host: { tokens: 40, state: { problem } } });
      await panel.screenshot('state-problem');
      assert.match(await conditionText(), /stopped twice/);
      assert.equal(await panel.page.locator('al-attention-map').count(), 1);
      await panel.page.getByRole('button', { name: 'Restart Engine' }).click();
      await panel.settled();
      assert.equal((await panel.calls('restartEngine')).length, 1);
    });

    it('offer another try when a request fails', async () => {
      await open({ host: { tokens: 40 } });
      await panel.page.evaluate(() => {
        window.fakeHost.refuse('region', 'The engine is down.');
        window.fakeHost.update({ generation: 2 });
      });
      await panel.settled();
      assert.match(await conditionText(), /The engine is down\./);
      const failed = (await panel.calls('region')).length;
      await panel.page.evaluate(() => window.fakeHost.refuse('region', null));
      await panel.page.getByRole('button', { name: 'Try Again' }).click();
      await panel.settled();
      assert.ok((await panel.calls('region')).length > failed);
      assert.equal(await panel.page.locator('al-condition').count(), 0);
    });
  });

  it('says so when the host cannot answer, and tries again', async () => {
    await open({ host: { tokens: 40, refused: { hello: 'The server could not be started.' } } });
    assert.match(await conditionText(), /could not be started/);
    await panel.page.evaluate(() => window.fakeHost.refuse('hello', null));
    await panel.page.getByRole('button', { name: 'Try Again' }).click();
    await panel.settled();
    assert.equal(await panel.page.locator('al-attention-map').count(), 1);
  });

  it('comes back as it was left', async () => {
    await open({ host: { tokens: 64 } });
    await panel.page.getByRole('radio', { name: 'Overview' }).click();
    await panel.page.getByRole('button', { name: 'log' }).click();
    await panel.settled();
    const saved: unknown = await panel.page.evaluate(() => window.fakeHost.saved);
    assert.ok(JSON.stringify(saved).length < 1000);
    await panel.close();
    await open({ host: { tokens: 64, saved } });
    assert.deepEqual((await panel.calls('hello'))[0]?.saved, saved);
    assert.equal(await panel.page.locator('al-overview-view').count(), 1);
    assert.match(await panel.page.locator('al-legend figcaption').innerText(), /weight, linear/);
  });

  it('speaks the language of the person', async () => {
    await open({
      host: { tokens: 40, strings: { Overview: '总览', 'mean of all heads': '所有头的平均' } },
    });
    assert.equal(await panel.page.getByRole('radio', { name: '总览' }).count(), 1);
    assert.equal(await panel.page.getByRole('option', { name: '所有头的平均' }).count(), 1);
  });

  it('folds when it is narrow', async () => {
    await open({ width: 520, height: 900 });
    await panel.screenshot('head-narrow');
    const rail = await panel.page.locator('nav').boundingBox();
    const picture = await panel.page.locator('main').boundingBox();
    const inspector = await panel.page.locator('aside').boundingBox();
    assert.ok(rail && picture && inspector);
    assert.ok(rail.y + rail.height <= picture.y + 1);
    assert.ok(picture.y + picture.height <= inspector.y + 1);
    assert.ok(picture.width > 500);
  });

  it('never treats the text of a token as markup', async () => {
    await open({ host: { tokens: 40 } });
    await panel.page.evaluate(() => window.fakeHost.moveCursor(3));
    await panel.settled();
    assert.equal(await panel.page.locator('al-inspector b, al-inspector img').count(), 0);
  });

  /** Requests for the map in the middle, without those for the layers' thumbnails. */
  async function mapRegions() {
    return (await panel.calls('region')).filter(({ selection }) => selection.head !== null);
  }

  async function pointAtNothing(): Promise<void> {
    await panel.page.mouse.move(5, 5);
    await panel.settled();
  }

  async function savedZoom(): Promise<number> {
    await panel.settled();
    return panel.page.evaluate(() => (window.fakeHost.saved as { zoom: { k: number } }).zoom.k);
  }

  const conditionText = (): Promise<string> =>
    panel.page.locator('al-condition [role=status]').innerText();
  const sentence = (): Promise<string> => panel.page.locator('footer p').innerText();

  /** The status of a host that is ready, from a page of its own. */
  async function ready(): Promise<{ status: Awaited<ReturnType<typeof readyStatus>> }> {
    const other = await openPanel(browser, { host: { tokens: 10 } });
    const status = await readyStatus(other);
    await other.close();
    return { status };
  }

  const readyStatus = (page: PanelPage) => page.page.evaluate(() => window.fakeHost.state.status);

  /** Colour in the canvas' corner of a cell that nobody reads: right of [CLS], in the first row. */
  async function emptyColor(): Promise<number[]> {
    const [x, y] = await cellPlace(20, 30, 40);
    return panel.page
      .locator('al-attention-map canvas[width]')
      .first()
      .evaluate(
        (canvas: HTMLCanvasElement, [left, top]) => {
          const box = canvas.getBoundingClientRect();
          const context = canvas.getContext('2d');
          return [
            ...(context?.getImageData(left! - box.left, top! - box.top, 1, 1).data ?? []),
          ].slice(0, 3);
        },
        [x, y],
      );
  }
});

const isStale = (map: Element): boolean => (map as Element & { stale: boolean }).stale;

/** Waits for a state; mocha's timeout ends it. */
async function waitFor(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await new Promise((resolve) => setTimeout(resolve, 20));
}
