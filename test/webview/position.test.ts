import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { keepForDocs } from '../docsPictures';
import { launchBrowser, openPanel, type PageOptions, type PanelPage } from './panelPage';
import { syntheticText } from './syntheticAttention';
import { themes } from './themes';
import { INITIAL_SELECTION, type LayerScheme, type PositionScheme } from '../../server/protocol';

/** A browser's start and pages with made-up heads, on a busy machine. */
const TIMEOUT_MS = 60_000;

const LEARNED: PositionScheme = { kind: 'learned' };
const SINUSOIDAL: PositionScheme = {
  kind: 'sinusoidal',
  base: 10_000,
  scale: 1,
  scaleVariant: 'usual',
};

const off = {
  ...INITIAL_SELECTION,
  layer: 2,
  head: 2,
  reading: 'raw',
  encoding: { mode: 'off' },
} as const;

describe('position in the panel', function () {
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

  const open = async (view: string, host: PageOptions['host'] = {}, rest: PageOptions = {}) =>
    (panel = await openPanel(browser, {
      ...rest,
      host: { tokens: 40, saved: { view }, ...host },
    }));
  const sentence = (): Promise<string> => panel.page.locator('footer p').innerText();
  const badge = () => panel.page.locator('al-toolbar .badge');
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await panel.page.keyboard.press(key);
    await panel.settled();
  };

  describe('laboratory', () => {
    for (const theme of Object.keys(themes) as (keyof typeof themes)[])
      it(`shows with, without and difference in the ${theme} theme`, async () => {
        await open('laboratory', { tokens: 98, state: { selection: off } }, { theme });
        assert.equal(await panel.page.locator('al-laboratory-view al-attention-map').count(), 3);
        assert.equal(await panel.page.locator('al-laboratory-view al-legend').count(), 2);
        await panel.screenshot(`laboratory-${theme}`);
        assert.deepEqual(panel.complaints, []);
      });

    it('changes position by one choice, and restores it by one click', async () => {
      await open('laboratory');
      assert.equal(await panel.page.locator('al-attention-map').count(), 1);
      assert.equal(await badge().count(), 0);
      await panel.page.getByRole('radio', { name: 'reversed' }).click();
      await panel.settled();
      assert.deepEqual((await panel.calls('setSelection')).at(-1), {
        ...INITIAL_SELECTION,
        layer: 2,
        head: 2,
        reading: 'raw',
        encoding: { mode: 'reversed' },
      });
      assert.match(await badge().innerText(), /position reversed/);
      assert.match(await sentence(), /as trained, with position reversed, and the difference/);
      await badge().click();
      await panel.settled();
      assert.equal((await panel.calls('setSelection')).at(-1)?.encoding, null);
      assert.equal(await badge().count(), 0);
    });

    it('offers RoPE’s changes where the model takes them, with their numbers', async () => {
      const position: PositionScheme = {
        kind: 'rope',
        base: 10_000,
        pairing: 'halfSplit',
        dimensions: 48,
        scaling: { kind: 'default' },
        trainedLength: 512,
      };
      await open('laboratory', { position, encodingModes: ['off', 'base', 'yarn'] });
      const radios = panel.page.locator('al-change-controls').getByRole('radio');
      assert.deepEqual(await radios.allInnerTexts(), ['as trained', 'off', 'base', 'YaRN']);
      const asked = async () => (await panel.calls('setSelection')).at(-1)?.encoding;
      await radios.nth(2).click();
      await panel.settled();
      assert.deepEqual(await asked(), { mode: 'base', base: 100_000 });
      await panel.page.getByLabel('base', { exact: true }).last().fill('0');
      await press('Enter');
      assert.match(
        await panel.page.locator('.problem').innerText(),
        /from 0\.001 to 1e15 other than 1/,
      );
      await radios.nth(2).focus();
      await press('ArrowRight');
      await panel.settled();
      await panel.page.getByLabel('original length').fill('256');
      await press('Enter');
      await panel.settled();
      assert.deepEqual(await asked(), { mode: 'yarn', factor: 4, originalLength: 256 });
      await panel.screenshot('laboratory-rope');
    });

    it('takes one slope a head, and no other count', async () => {
      const slopes = Array.from({ length: 12 }, (_, head) => 1 / (head + 1));
      await open('laboratory', {
        position: { kind: 'alibi', slopes },
        encodingModes: ['off', 'slopes'],
      });
      await panel.page.getByRole('radio', { name: 'slopes' }).click();
      await panel.settled();
      const field = panel.page.getByLabel('one a head');
      await field.fill('1 2');
      await press('Enter');
      assert.match(await panel.page.getByRole('alert').innerText(), /12 numbers from 0/);
      await field.fill(new Array(12).fill('0.5').join(', '));
      await press('Enter');
      await panel.settled();
      assert.deepEqual((await panel.calls('setSelection')).at(-1)?.encoding, {
        mode: 'slopes',
        slopes: new Array(12).fill(0.5),
      });
    });

    it('says what still works where nothing can be changed', async () => {
      await open('laboratory', { position: { kind: 'relative' }, encodingModes: [] });
      assert.equal(await panel.page.locator('al-change-controls').getByRole('radio').count(), 0);
      const said = panel.page.locator('al-change-controls [role=status]');
      assert.match(await said.innerText(), /neither switched off nor moved.*shuffling the tokens/);
    });

    it('says in every view that position is changed', async () => {
      await open('head', { state: { selection: off } });
      assert.match(await sentence(), /position off/);
      await panel.page.getByRole('radio', { name: 'Overview' }).click();
      await panel.settled();
      assert.match(await sentence(), /position off/);
      assert.match(await badge().innerText(), /position off/);
    });

    it('asks for means, so that what it subtracts is what is there', async () => {
      await open('laboratory', { state: { selection: off } });
      const regions = (await panel.calls('region')).filter(({ pool }) => pool === 'mean');
      assert.deepEqual(
        [...new Set(regions.map(({ selection }) => selection.encoding?.mode ?? null))],
        [null, 'off'],
      );
    });

    it('refuses a number that the model has no place for, in a sentence', async () => {
      await open('laboratory');
      await panel.page.getByRole('radio', { name: 'shifted' }).click();
      await panel.settled();
      const field = panel.page.locator('al-change-controls input');
      await field.fill('473');
      await field.press('Enter');
      await panel.settled();
      const alert = panel.page.locator('al-change-controls [role=alert]');
      assert.match(await alert.innerText(), /from 0 to 472/);
      assert.deepEqual((await panel.calls('setSelection')).at(-1)?.encoding, {
        mode: 'shifted',
        by: 1,
      });
      await field.fill('472');
      await field.press('Enter');
      await panel.settled();
      assert.equal(await alert.count(), 0);
      assert.deepEqual((await panel.calls('setSelection')).at(-1)?.encoding, {
        mode: 'shifted',
        by: 472,
      });
    });

    it('orders the heads by how much they change, and selects one by keyboard', async () => {
      await open('laboratory', { state: { selection: off } });
      const rail = panel.page.locator('al-effect-rail');
      assert.equal(await rail.locator('[role=option]').count(), 72);
      await rail.getByRole('button', { name: 'most changed first' }).click();
      await panel.settled();
      const numbers = (await rail.locator('.value').allInnerTexts()).map(Number);
      assert.deepEqual(
        numbers,
        numbers.toSorted((a, b) => b - a),
      );
      await rail.locator('[role=listbox]').focus();
      await press('Home');
      const [first] = await rail.locator('[role=option]').all();
      assert.equal(await first?.getAttribute('aria-selected'), 'true');
      assert.equal((await panel.calls('positionEffect')).length, 1);
    });

    it('reads a pair out with, without and change, and takes its weight apart', async () => {
      await open('laboratory', { state: { selection: { ...off, layer: 0 } } });
      await panel.page.locator('al-attention-map .surface').last().focus();
      await press('ArrowDown', 'ArrowDown', 'ArrowRight');
      const { texts } = syntheticText(40);
      const readout = await panel.page.locator('al-laboratory-view .readout').innerText();
      assert.match(readout.replaceAll('\u202f', ''), /: <?[\d.]+% → <?[\d.]+% *[+−]?[\d.]+%/);
      assert.ok(readout.startsWith(texts[1]!));
      const card = panel.page.locator('al-pair-card');
      assert.equal(await card.locator('tbody tr').count(), 3);
      assert.match(
        await card.locator('p').innerText(),
        /Method: nine terms of q·k\..*An estimate, made up for a test/,
      );
      assert.deepEqual((await panel.calls('positionShare')).at(-1), {
        generation: 1,
        layer: 0,
        head: 2,
        query: 1,
        key: 1,
      });
    });
  });

  describe('encoding', () => {
    for (const theme of Object.keys(themes) as (keyof typeof themes)[])
      for (const position of [LEARNED, SINUSOIDAL])
        it(`is drawn as a matrix with its charts, ${position.kind} in the ${theme} theme`, async () => {
          const { kind } = position;
          await open('position', { tokens: 98, position }, { theme });
          await panel.page.evaluate(() => window.fakeHost.moveCursor(17));
          await panel.settled();
          const charts = panel.page.locator('al-line-chart');
          assert.equal(await charts.count(), kind === 'learned' ? 2 : 4);
          assert.match(await charts.first().locator('h3').innerText(), /Vector of position 17/);
          await panel.screenshot(`position-${kind}-${theme}`);
          assert.deepEqual(panel.complaints, []);
        });

    it('reads out the number under the pointer, with the formula it comes from', async () => {
      await open('position', { position: SINUSOIDAL });
      await panel.page.locator('al-matrix .surface').focus();
      await press('ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight');
      const readout = panel.page.locator('al-position-view .readout');
      assert.match(await readout.innerText(), /position 1, dimension 2: 0\.815/);
      const formula = panel.page.locator('al-position-view .formula');
      assert.match(await formula.innerText(), /PE\[1, 2\] = sin\(1 \/ 10000\^\(2\/384\)\)/);
    });

    it('is not fetched again for another token', async () => {
      await open('position', { position: SINUSOIDAL });
      for (const token of [3, 9, 14]) {
        await panel.page.evaluate((at) => window.fakeHost.moveCursor(at), token);
        await panel.settled();
      }
      const asked = await panel.calls('position');
      assert.equal(asked.filter(({ positions }) => !positions).length, 1);
      assert.deepEqual(
        asked.filter(({ positions }) => positions).map(({ token }) => token),
        [3, 9, 14],
      );
    });

    it('can be scaled to look at, and then in the model', async () => {
      await open('position');
      const controls = panel.page.locator('al-scale-controls');
      await controls.locator('input').fill('0.3');
      await panel.settled();
      assert.equal((await panel.calls('position')).at(-1)?.scale, 2);
      assert.deepEqual(await panel.calls('setSelection'), []);
      assert.match(
        await controls.locator('.muted').innerText(),
        /preview, not what the model uses/,
      );
      await controls.getByRole('button', { name: 'Use in the model' }).click();
      await panel.settled();
      assert.deepEqual((await panel.calls('setSelection')).at(-1)?.encoding, {
        mode: 'scaled',
        scale: 2,
      });
    });

    it('is exported as CSV and NPY', async () => {
      await open('position');
      for (const kind of ['CSV', 'NPY']) {
        await panel.page.getByRole('button', { name: `Export the matrix as ${kind}` }).click();
        await panel.settled();
      }
      const saved = await panel.calls('saveFile');
      assert.deepEqual(
        saved.map(({ kind, name }) => [kind, name]),
        [
          ['csv', 'lighthouse-position-matrix'],
          ['npy', 'lighthouse-position-matrix'],
        ],
      );
    });

    it('shows what ALiBi takes off by distance, with its slopes', async () => {
      await open('position', { position: { kind: 'alibi', slopes: [0.5] } });
      const charts = panel.page.locator('al-bias-view al-line-chart');
      assert.equal(await charts.last().locator('rect').count(), 12);
      await panel.page.locator('al-matrix .surface').focus();
      await press('ArrowDown', 'ArrowDown', 'End');
      const readout = panel.page.locator('al-bias-view .readout');
      assert.match(await readout.innerText(), /head 3, distance \+39: −/);
      await panel.screenshot('position-alibi');
      assert.match(await sentence(), /how much each head takes off a score/);
    });

    it('says what still works where there is nothing to draw', async () => {
      await open('position', { position: { kind: 'none' } });
      assert.match(
        await panel.page.locator('al-position-view .message').innerText(),
        /nothing to draw.*Hover, overlay and heatmap work/,
      );
    });

    for (const theme of Object.keys(themes) as (keyof typeof themes)[])
      it(`is drawn as what each head adds by distance, in the ${theme} theme`, async () => {
        await open('position', { position: { kind: 'relative' } }, { theme });
        await panel.page.evaluate(() => window.fakeHost.moveCursor(17));
        await panel.settled();
        const charts = panel.page.locator('al-bias-view al-line-chart');
        assert.equal(await charts.count(), 2);
        assert.match(await charts.last().locator('h3').innerText(), /Head 2: .* \(token 17\)/);
        await panel.page.locator('al-matrix .surface').focus();
        await press('ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'PageDown');
        await panel.screenshot(`position-relative-${theme}`);
        if (theme === 'light')
          keepForDocs('out/screenshots/position-relative-light.png', 'position-relative');
        assert.deepEqual(panel.complaints, []);
      });

    it('reads out a bias by distance, and exports it', async () => {
      await open('position', { position: { kind: 'relative' } });
      await panel.page.locator('al-matrix .surface').focus();
      await press('ArrowDown', 'ArrowDown', 'Home');
      const readout = panel.page.locator('al-bias-view .readout');
      assert.match(
        await readout.innerText(),
        /head 3, distance −128: −.*one number for −128 to −9\d/,
      );
      await panel.page.getByRole('button', { name: 'Export the bias by distance as NPY' }).click();
      await panel.settled();
      const saved = await panel.calls('saveFile');
      assert.deepEqual(
        saved.map(({ kind, name }) => [kind, name]),
        [['npy', 'lighthouse-position']],
      );
    });

    it('is that of the layer that is chosen, where they differ', async () => {
      const rope = (base: number): LayerScheme => ({
        kind: 'rope',
        base,
        pairing: 'halfSplit',
        dimensions: 48,
        scaling: { kind: 'default' },
        trainedLength: 512,
      });
      await open('position', {
        position: {
          kind: 'perLayer',
          schemes: [rope(10_000), rope(1_000_000), { kind: 'none' }],
          layers: [0, 0, 1, 0, 2, 0],
        },
      });
      const list = panel.page.locator('al-position-view select');
      assert.equal(await list.inputValue(), '2');
      const details = panel.page.locator('al-position-view .name');
      assert.match(await details.innerText(), /base 1000000/);
      await list.selectOption('3');
      await panel.settled();
      assert.match(await details.innerText(), /base 10000 /);
      await panel.screenshot('position-layers');
      await list.selectOption('4');
      await panel.settled();
      const said = panel.page.locator('al-position-view .message');
      assert.match(await said.innerText(), /no positional encoding.*Choose another layer/);
      assert.match(
        await sentence(),
        /layers 0–1, 3, 5: RoPE, base 10000; layer 2: .*layer 4: no position/,
      );
    });

    it('says why it cannot be had', async () => {
      await open('position', { refused: { position: 'The engine is down.' } });
      assert.equal(
        await panel.page.locator('al-position-view [role=alert]').innerText(),
        'The engine is down.',
      );
    });

    it('folds when it is narrow', async () => {
      await open('position', {}, { width: 520, height: 900 });
      await panel.screenshot('position-narrow');
      const matrix = await panel.page.locator('al-matrix').boundingBox();
      const chart = await panel.page.locator('al-line-chart').first().boundingBox();
      assert.ok(matrix && chart);
      assert.ok(matrix.y + matrix.height <= chart.y);
    });

    it('is shown when a command of the editor asks for it', async () => {
      await open('head');
      await panel.page.evaluate(() => window.fakeHost.show({ view: 'position' }));
      await panel.settled();
      assert.equal(await panel.page.locator('al-position-view').count(), 1);
    });
  });
});
