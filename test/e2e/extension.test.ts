/** The packaged extension in the newest VS Code, as a person meets it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { root } from '../hosts/places.mjs';
import { panelViews } from './panelViews';
import { Session } from './session';
import { picture } from './pictures';
import { until } from './until';
import { Weights } from './weights';
import type { Workbench } from './workbench';

const SAMPLE = 'lighthouse.txt';
const LOCK = 'al-toolbar [aria-label="Locked to its document"]';
/** Model loading and VS Code's start, on a machine that does other things. */
const testTimeoutMs = 120_000;

/** The sample is short: beside and below it is nothing to see. */
const textOnly = { width: 860, height: 220 };
const textWithHover = { width: 860, height: 370 };

const session = new Session();
let workbench: Workbench;
let weights: Weights;

describe('the packaged extension', function () {
  this.timeout(testTimeoutMs);

  before(async () => {
    weights = await Weights.of(readFileSync(join(root, 'samples', SAMPLE), 'utf8'));
    await session.start();
    workbench = await session.open(SAMPLE);
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await session.saveFailure(this.currentTest.title);
  });

  after(async () => {
    weights.close();
    await session.stop();
  });

  it('answers a hover with bars, percentages and links', async () => {
    const text = (await workbench.hover(SAMPLE, 'keeper')).join('\n');
    assert.match(text, /keeper/);
    assert.match(text, /token \d+ of \d+/);
    assert.match(text, /█/);
    assert.ok((text.match(/\d+\.\d\s%/g) ?? []).length >= 8, text);
    assert.match(text, /goes to the sink \(\[CLS\]/);
    assert.match(text, /Open heatmap · Pin · Explain · Copy · Change head · What is this\?/);
  });

  it('shows in the hover the weights that the library computes', async () => {
    const text = (await workbench.hover(SAMPLE, 'lamps')).join('\n');
    const [strongest] = await weights.wordsReadBy('lamps');
    assert.ok(strongest);
    const row = text.split('\n').find((line) => line.startsWith(strongest.word));
    assert.ok(row, `"${strongest.word}" leads in the library and not in:\n${text}`);
    const shown = Number(/([\d.]+)\s%/.exec(row)?.[1]);
    assert.ok(Math.abs(shown - strongest.weight * 100) <= 0.051, `${row}: ${strongest.weight}`);
  });

  it('takes the picture of a hover in light and dark', async () => {
    const show = async (): Promise<void> => void (await workbench.hover(SAMPLE, 'lamps'));
    await picture(workbench, 'hover', { show, clip: textWithHover });
  });

  it('shades the text by what the token at the cursor reads, and follows the cursor', async () => {
    await workbench.goTo(1, 8);
    assert.deepEqual(await workbench.shades(SAMPLE), []);
    await workbench.command('Attention Lens: Toggle Overlay');
    const first = await shadesOtherThan([]);
    await workbench.goTo(2, 14);
    await shadesOtherThan(first);
    await workbench.page.mouse.move(5, 5);
    await picture(workbench, 'overlay', { clip: textOnly });
    await workbench.command('Attention Lens: Toggle Overlay');
    await until('a text without shades', async () =>
      (await workbench.shades(SAMPLE)).length === 0 ? true : undefined,
    );
  });

  it('opens the heatmap with a thumbnail for every head', async () => {
    await workbench.goTo(5, 10);
    await workbench.command('Attention Lens: Open Heatmap');
    const panel = await openView('Overview');
    const heads = panel.locator('al-overview-view [role=option][aria-label*=", head "]');
    await until('72 heads', async () => ((await heads.count()) === 72 ? true : undefined));
    const grid = panel.locator('al-overview-view al-head-grid canvas');
    await until('painted thumbnails', async () =>
      (await coloursOf(panel, grid)) > 16 ? true : undefined,
    );
    await picture(workbench, 'overview');
  });

  it('shows one head and lights both tokens of a cell up in the text', async () => {
    const panel = await openView('Overview');
    await panel.locator('al-overview-view [role=option][aria-label="layer 2, head 4"]').click();
    const map = panel.locator('al-head-view al-attention-map');
    await until('a painted map', async () =>
      (await coloursOf(panel, map.locator('canvas'))) > 16 ? true : undefined,
    );
    assert.deepEqual(await workbench.shades(SAMPLE), []);
    const cell = await weights.strongestCell(2, 4);
    // The rail above the map may still be finding its height.
    const pointAtCell = async (): Promise<void> => {
      const box = await map.locator('.surface').boundingBox();
      assert.ok(box);
      const side = Math.min(box.width, box.height) / cell.tokens;
      const place = { x: box.x + (cell.key + 0.5) * side, y: box.y + (cell.query + 0.5) * side };
      await workbench.page.mouse.move(place.x, place.y, { steps: 4 });
    };
    const shown = `${cell.query} reads`;
    const weight = `${(cell.weight * 100).toFixed(1)} %`;
    await until(`a read-out with "${shown}" and ${weight}`, async () => {
      await pointAtCell();
      const text = await panel.locator('al-head-view .readout').innerText();
      const plain = text.replace(/\s+/g, ' ');
      return plain.includes(shown) && plain.includes(weight) ? true : undefined;
    });
    await until('two lit tokens', async () =>
      (await workbench.shades(SAMPLE)).length >= 2 ? true : undefined,
    );
    await picture(workbench, 'head');
  });

  describe('the panel', () => panelViews(() => ({ workbench, weights, layer: 2, head: 4 })));

  describe('over a reload of the window', () => {
    it('keeps its panels, a locked one with its own head', async () => {
      await workbench.command('Attention Lens: Open Another Heatmap to the Side');
      const locked = await workbench.webview(`${LOCK}[aria-pressed=true]`);
      await locked.locator('al-head-grid [role=option][aria-label="layer 1, head 7"]').click();
      await headsShown('layer 2, head 5', 'layer 1, head 7');
      await workbench.command('Developer: Reload Window');
      await workbench.page.waitForEvent('load');
      await workbench.editor(SAMPLE);
      await headsShown('layer 2, head 5', 'layer 1, head 7');
      const panel = await openView('Head');
      const map = panel.locator('al-head-view al-attention-map canvas');
      await until('the map again', async () =>
        (await coloursOf(panel, map)) > 16 ? true : undefined,
      );
    });
  });
});

/** Waits until the panel that follows the editor and the one that is locked show these heads. */
async function headsShown(following: string, locked: string): Promise<void> {
  const expected = { false: following, true: locked };
  await until(`panels with ${following} and ${locked}`, async () => {
    const found: { [pressed: string]: string | null } = {};
    for (const frame of workbench.page.frames()) {
      const lock = frame.locator(LOCK);
      const head = frame.locator('al-head-grid [aria-selected=true]').first();
      if ((await head.count().catch(() => 0)) === 0) continue;
      found[(await lock.getAttribute('aria-pressed')) ?? ''] =
        await head.getAttribute('aria-label');
    }
    return JSON.stringify(found, ['false', 'true']) === JSON.stringify(expected) ? true : undefined;
  });
}

async function shadesOtherThan(before: string[]): Promise<string[]> {
  return until('other shades', async () => {
    const now = await workbench.shades(SAMPLE);
    return now.length > 0 && JSON.stringify(now) !== JSON.stringify(before) ? now : undefined;
  });
}

/** Switches the panel to a view and returns its frame. */
async function openView(name: string): Promise<Frame> {
  const panel = await workbench.webview('al-toolbar [role=radio]');
  await panel.locator('al-toolbar [role=radio]', { hasText: name }).click();
  return panel;
}

/** How many different colours a canvas shows. */
async function coloursOf(panel: Frame, canvas: ReturnType<Frame['locator']>): Promise<number> {
  if ((await canvas.count()) === 0) return 0;
  return canvas.first().evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement) || element.width * element.height === 0) return 0;
    const pixels = element.getContext('2d')?.getImageData(0, 0, element.width, element.height);
    return new Set(new Uint32Array(pixels?.data.buffer ?? new ArrayBuffer(0))).size;
  });
}
