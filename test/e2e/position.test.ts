/** Position view and laboratory in the packaged extension: what is on screen is what the protocol says. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { decodeNumbers } from '../../server/analysis/numbers';
import { compact, percent, points, significant } from '../../webview/format';
import { root } from '../hosts/places.mjs';
import { start, type Client } from '../protocol/client';
import { pictureForDocs } from './pictures';
import { Session } from './session';
import { until } from './until';
import type { Workbench } from './workbench';

const SAMPLE = 'lighthouse.txt';
const textDocument = { uri: 'file:///lighthouse.txt' };
const off = { mode: 'off' } as const;
const WIDTH = 384;
/** Model loading and VS Code's start, on a machine that does other things. */
const testTimeoutMs = 180_000;
/** Room for text and panel side by side. */
const pageWidth = 1700;

const session = new Session();
let workbench: Workbench;
let client: Client;

describe('position in the packaged extension', function () {
  this.timeout(testTimeoutMs);

  before(async () => {
    client = await start();
    await client.open(textDocument.uri, readFileSync(join(root, 'samples', SAMPLE), 'utf8'));
    await session.start();
    workbench = await session.open(SAMPLE, 'light', pageWidth);
    await workbench.goTo(2, 8);
    await workbench.command('Attention Lens: Open Heatmap');
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await session.saveFailure(this.currentTest.title);
  });

  after(async () => {
    await client.stop();
    await session.stop();
  });

  const encodingMatrix = async (): Promise<Float32Array> =>
    decodeNumbers((await client.request('attentionLens/position', { textDocument })).matrix ?? '');

  describe('the position view', () => {
    const cellText = /position (\d+), dimension (\d+): (\S+)/;
    let panel: Frame;
    before(async () => (panel = await workbench.panelView('Position', 'al-matrix .surface')));

    const readout = (): Promise<string> => plainText(panel.locator('al-position-view .readout'));
    /** The cell that is read out, checked against the model's table. */
    const readCell = (matrix: Float32Array, text: string): [number, number] => {
      const [, row = '', column = '', value] = cellText.exec(text) ?? [];
      assert.equal(value, compact(matrix[Number(row) * WIDTH + Number(column)] ?? NaN), text);
      return [Number(row), Number(column)];
    };

    it('names the scheme and marks the token at the cursor', async () => {
      const text = await plainText(panel.locator('al-position-view header .name'));
      assert.match(text, /Learned table of positions 77 tokens × 384 dimensions/);
      await panel.getByText('Vector of position 15 (lit)').waitFor();
    });

    it('reads out under the pointer what the protocol has there', async () => {
      const matrix = await encodingMatrix();
      const surface = panel.locator('al-matrix .surface');
      for (const [across, down] of [
        [0.1, 0.05],
        [0.5, 0.5],
        [0.93, 0.8],
      ] as const) {
        const before = await readout();
        const box = await boxOf(surface);
        await workbench.page.mouse.move(box.x + across * box.width, box.y + down * box.height);
        const text = await until('another number', async () => {
          const now = await readout();
          return now !== before && cellText.test(now) ? now : undefined;
        });
        const [row, column] = readCell(matrix, text);
        // Dimensions are narrower than two pixels, and the surface need not begin on a whole one.
        const place = [row - down * 77, column - across * WIDTH];
        for (const distance of place) assert.ok(Math.abs(distance) < 2, text);
      }
      await workbench.page.mouse.move(5, 5);
      await pictureForDocs(workbench, 'position-learned', { theme: 'light', panelOnly: true });
    });

    it('goes from cell to cell by the keyboard', async () => {
      const matrix = await encodingMatrix();
      await panel.locator('al-matrix .surface').focus();
      const cells: [number, number][] = [];
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'PageDown', 'End']) {
        const before = await readout();
        await workbench.page.keyboard.press(key);
        const text = await until('the next cell', async () => {
          const now = await readout();
          return now !== before && cellText.test(now) ? now : undefined;
        });
        cells.push(readCell(matrix, text));
      }
      assert.deepEqual(cells, [
        [15, 0],
        [16, 0],
        [16, 1],
        [26, 1],
        [26, WIDTH - 1],
      ]);
      await workbench.page.keyboard.press('Escape');
    });

    it('saves the matrix as CSV and NPY with the numbers of the protocol', async () => {
      const matrix = await encodingMatrix();
      const csv = (await exported(panel, 'CSV')).toString('utf8');
      const [, ...lines] = csv.trimEnd().split('\r\n');
      assert.equal(lines.length, 77);
      for (const row of [0, 15, 76]) {
        const cells = (lines[row] ?? '').split(',');
        assert.match(cells[0] ?? '', new RegExp(`^"?${row} `));
        const values = cells.slice(-WIDTH).map(Number);
        assert.deepEqual(Float32Array.from(values), matrix.slice(row * WIDTH, (row + 1) * WIDTH));
      }
      const npy = await exported(panel, 'NPY');
      assert.match(npy.subarray(0, 128).toString('latin1'), /NUMPY.*'<f4'.*\(77, 384\)/s);
      const data = new Float32Array(
        npy.buffer.slice(npy.byteOffset + npy.length - matrix.byteLength),
      );
      assert.deepEqual(data, matrix);
    });

    it('looks at another scale without changing the model', async () => {
      await panel.locator('al-scale-controls input').focus();
      for (let step = 0; step < 6; step++) await workbench.page.keyboard.press('ArrowRight');
      await panel.getByText('preview, not what the model uses').waitFor();
      assert.equal(await panel.locator('al-scale-controls output').innerText(), '2');
      await panel.getByRole('button', { name: 'Back' }).click();
      assert.equal(await panel.locator('al-scale-controls output').innerText(), '1');
    });
  });

  describe('the laboratory', () => {
    const pairText = /(\d+) reads .*? (\d+): (.*?%) → (.*?%) ?(.*%)$/;
    let panel: Frame;
    before(async () => {
      panel = await workbench.panelView('Laboratory', 'al-change-controls [role=radio]');
    });

    const difference = (): Locator =>
      panel.locator('al-laboratory-view al-attention-map .surface').last();
    const readout = (): Promise<string> => plainText(panel.locator('al-laboratory-view .readout'));
    const pairRead = (before: string): Promise<string> =>
      until('a weight with and without position', async () => {
        const now = await readout();
        return now !== before && pairText.test(now) && !now.includes('…') ? now : undefined;
      });
    const mapOf = async (encoding: typeof off | null): Promise<Float32Array> =>
      decodeNumbers(
        (
          await client.request('attentionLens/map', {
            textDocument,
            layer: 0,
            head: 2,
            encoding,
            size: { rows: 77, columns: 77 },
          })
        ).values,
      );
    /** The pair that is read out, checked against both maps. */
    const checkPair = (text: string, trained: Float32Array, changed: Float32Array): void => {
      const [, query, key, before, after, change] = pairText.exec(text) ?? [];
      const cell = Number(query) * 77 + Number(key);
      const [was = NaN, is = NaN] = [trained[cell], changed[cell]];
      const expected = [percent(was), percent(is), points(is - was)].map(withPlainSpaces);
      assert.deepEqual([before, after, change?.trim()], expected, text);
    };

    it('switches position off by the keyboard, and says so wherever numbers are shown', async () => {
      await panel.locator('al-change-controls [role=radio][aria-checked=true]').focus();
      await workbench.page.keyboard.press('ArrowRight');
      await panel.locator('al-toolbar', { hasText: 'position off' }).waitFor();
      await workbench.page.locator('.statusbar-item', { hasText: 'position off' }).waitFor();
      const hover = (await workbench.hover(SAMPLE, 'keeper')).join('\n');
      assert.match(hover, /position off/);
      assert.match(hover, /\(was <?\s?\d+\.\d\s%\)/);
    });

    it('orders the heads by how far they move, as the protocol measures it', async () => {
      const effect = await client.request('attentionLens/positionEffect', {
        textDocument,
        encoding: off,
      });
      const moved = Array.from(decodeNumbers(effect.totalVariation), (variation, index) => ({
        name: `layer ${Math.floor(index / effect.heads)}, head ${index % effect.heads}`,
        variation,
      })).sort((one, other) => other.variation - one.variation);
      await panel.getByRole('button', { name: 'most changed first' }).click();
      const options = panel.locator('al-effect-rail [role=option]');
      await until('all heads', async () => ((await options.count()) === 72 ? true : undefined));
      for (const [place, { name, variation }] of moved.slice(0, 5).entries())
        assert.equal(
          await options.nth(place).getAttribute('aria-label'),
          `${name}: ${significant(variation)}`,
        );
      assert.equal(moved[0]?.name, 'layer 0, head 2');
      await options.first().click();
      await panel.locator('footer', { hasText: 'Layer 0, head 2' }).waitFor();
    });

    it('reads out weights with and without position, by the pointer and by the keyboard', async () => {
      const [trained, changed] = await Promise.all([mapOf(null), mapOf(off)]);
      const before = await readout();
      const text = await until('a pair under the pointer', async () => {
        const box = await boxOf(difference());
        const side = Math.min(box.width, box.height) / 77;
        await workbench.page.mouse.move(box.x + 21.5 * side, box.y + 22.5 * side, { steps: 3 });
        const now = await readout();
        return now !== before && pairText.test(now) && !now.includes('…') ? now : undefined;
      });
      checkPair(text, trained, changed);
      await workbench.page.mouse.move(5, 5);
      await difference().focus();
      let last = await readout();
      for (const key of ['ArrowDown', 'ArrowRight', 'PageDown']) {
        await workbench.page.keyboard.press(key);
        last = await pairRead(last);
        checkPair(last, trained, changed);
      }
      await pictureForDocs(workbench, 'laboratory-off', { theme: 'dark', panelOnly: true });
    });

    it('splits the weight at hand into position and content', async () => {
      const [, query, key] = pairText.exec(await readout()) ?? [];
      const share = await client.request('attentionLens/positionShare', {
        textDocument,
        layer: 0,
        head: 2,
        query: Number(query),
        key: Number(key),
      });
      const card = panel.locator('al-pair-card');
      await card.getByText('Method: nine terms of q·k.').waitFor();
      const text = (await card.locator('.row').allInnerTexts()).join(' ');
      for (const number of [share.position, share.content, share.dot ?? NaN])
        assert.ok(text.includes(compact(number)), `${number} is not in:\n${text}`);
    });

    it('is restored with one click in the status bar', async () => {
      const badge = workbench.page.locator('.statusbar-item', { hasText: 'position off' });
      await badge.locator('a').click();
      await badge.waitFor({ state: 'hidden' });
      await panel
        .locator('al-change-controls [role=radio][aria-checked=true]', { hasText: 'as trained' })
        .waitFor();
      const hover = (await workbench.hover(SAMPLE, 'keeper')).join('\n');
      assert.doesNotMatch(hover, /position off|was/);
    });
  });
});

/** Saves through VS Code's own dialog, at the place that it proposes. */
async function exported(panel: Frame, kind: string): Promise<Buffer> {
  await panel.getByRole('button', { name: `Export the matrix as ${kind}` }).click();
  const input = workbench.page.locator('.quick-input-widget input.input').first();
  const name = await until('the dialog', async () => {
    const place = await input.inputValue().catch(() => '');
    return place.endsWith(`.${kind.toLowerCase()}`) ? basename(place) : undefined;
  });
  await workbench.page.keyboard.press('Enter');
  const file = join(session.workspace, name);
  return until(`the file ${name}`, () => {
    const bytes = existsSync(file) ? readFileSync(file) : Buffer.of();
    return Promise.resolve(bytes.length > 0 ? bytes : undefined);
  });
}

/** Where something is drawn, once it is. */
function boxOf(place: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  return until('something in sight', async () => (await place.boundingBox()) ?? undefined);
}

/** What is written, with every kind of space as a plain one. */
async function plainText(place: Locator): Promise<string> {
  return (await place.innerText()).replace(/\s+/g, ' ').trim();
}

function withPlainSpaces(text: string): string {
  return text.replace(/\s+/g, ' ');
}
