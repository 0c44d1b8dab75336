import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { unzipSync } from 'fflate';
import { readChapterSettings } from '../../server/chapter/settings';
import type { About } from '../../webview/export/about';
import type { ExportKind } from '../../webview/protocol';
import { syntheticDocumentMap } from './syntheticDocument';
import { launchBrowser, openPanel, type PageOptions, type PanelPage } from './panelPage';

const COUNT = 40;
const OFF = { mode: 'off' as const };

interface Saved {
  kind: string;
  name: string;
  bytes: Uint8Array;
  beside: Uint8Array | null;
}

describe('exports', () => {
  let browser: Browser;
  let panel: PanelPage;

  before(async () => (browser = await launchBrowser()));
  afterEach(async () => {
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });
  after(() => browser.close());

  async function open(view: string, host: PageOptions['host'] = {}): Promise<void> {
    const saved = { view, ...(host.saved as object | undefined) };
    panel = await openPanel(browser, { host: { tokens: COUNT, ...host, saved } });
  }

  /** What the page gives the extension host to save. */
  async function exported(kind: ExportKind): Promise<Saved> {
    await panel.page.evaluate((wanted) => window.fakeHost.exportAs(wanted), kind);
    await panel.page.waitForFunction(() =>
      window.fakeHost.calls.some(({ method }) => method === 'saveFile'),
    );
    const file = await panel.page.evaluate(() => {
      const { calls } = window.fakeHost;
      const { params } = calls.find(({ method }) => method === 'saveFile')!;
      window.fakeHost.calls = calls.filter(({ method }) => method !== 'saveFile');
      window.fakeHost.answered = window.fakeHost.calls.length;
      const text = (bytes: Uint8Array): string =>
        btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
      const { kind, name, bytes, beside } = params as {
        kind: string;
        name: string;
        bytes: Uint8Array;
        beside?: { bytes: Uint8Array };
      };
      return { kind, name, bytes: text(bytes), beside: beside ? text(beside.bytes) : null };
    });
    const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));
    return {
      ...file,
      bytes: bytes(file.bytes),
      beside: file.beside === null ? null : bytes(file.beside),
    };
  }

  const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

  /** The made-up model's weights of the head that is shown. */
  async function weights(changed: boolean): Promise<number[]> {
    return panel.page.evaluate((position) => {
      const change = position ? { mode: 'off' as const } : null;
      return Array.from(window.fakeHost.weightsOf(2, 2, change));
    }, changed);
  }

  it('of a head hold every weight, each format the same', async () => {
    await open('head');
    const expected = Float32Array.from(await weights(false));
    const csv = await exported('csv');
    const rows = textOf(csv.bytes).trimEnd().split('\r\n').slice(1);
    const numbers = rows.flatMap((row) => row.split(',').slice(-COUNT).map(Number));
    assert.deepEqual(Float32Array.from(numbers), expected);

    const npy = await exported('npy');
    assert.deepEqual(floats(npy.bytes), expected);
    const beside = JSON.parse(textOf(npy.beside!)) as { arrays: { axes: { name: string }[] }[] };
    assert.deepEqual(
      beside.arrays[0]!.axes.map(({ name }) => name),
      ['query', 'key'],
    );

    const files = unzipSync((await exported('npz')).bytes);
    assert.deepEqual(floats(files['weights.npy']!), expected);

    const json = JSON.parse(textOf((await exported('json')).bytes)) as {
      tables: { values: number[][] }[];
    };
    assert.deepEqual(Float32Array.from(json.tables[0]!.values.flat()), expected);
  });

  it('of the whole file hold its band, as it is seen', async () => {
    await open('head', { windows: 6, saved: { whole: true } });
    const json = JSON.parse(textOf((await exported('json')).bytes)) as {
      tables: { name: string; values: (number | null)[][] }[];
    };
    const { selection, size } = (await panel.calls('documentMap')).at(-1)!;
    const expected = syntheticDocumentMap(6, 6, size, selection, 250);
    const { values } = json.tables[0]!;
    assert.deepEqual([values.length, values[0]!.length], [expected.size, expected.width]);
    values.forEach((row, cell) =>
      row.forEach((value, offset) => {
        if (value !== null)
          assert.equal(Math.fround(value), expected.values[cell * expected.width + offset]);
      }),
    );
    assert.ok(
      values.flat().filter((value) => value !== null && value > 0.1).length > expected.size,
    );
    const svg = textOf((await exported('svg')).bytes);
    assert.ok((svg.match(/<text /g) ?? []).length > 8);
    assert.match(svg, /<image /);
    assert.match(svg, /of the whole file/);
  });

  it('say what they are: model, text, window, selection, and that position is changed', async () => {
    await open('head', {
      state: {
        selection: {
          ...{ layer: 2, head: 2, heads: null, aggregate: 'mean', reading: 'raw', merge: 'tokens' },
          encoding: OFF,
        },
      },
    });
    const svg = await exported('svg');
    assert.equal(svg.name, 'lighthouse-head-layer2-head2-position-off');
    const metadata = /<metadata>(.*)<\/metadata>/.exec(textOf(svg.bytes))?.[1] ?? '';
    const about = JSON.parse(metadata.replaceAll('&quot;', '"')) as About;
    assert.equal(about.model.hash, 'made-up');
    assert.deepEqual(about.document, { name: 'lighthouse.md', version: 3 });
    assert.deepEqual([about.window.index, about.window.count], [0, 1]);
    assert.deepEqual([about.selection.layer, about.selection.head], [2, 2]);
    assert.deepEqual([about.encoding, about.position], [OFF, 'position off']);
    assert.match(textOf(svg.bytes), /<text[^>]*>Layer 2, head 2 · raw · position off<\/text>/);
    const png = await exported('png2');
    assert.equal(png.name, 'lighthouse-head-layer2-head2-position-off@2x');
    assert.match(textOf(png.bytes), /"position":"position off"/);
    const csv = textOf((await exported('csv')).bytes);
    assert.match(csv.slice(0, csv.indexOf('\r\n')), /position off; .*made-up/);
  });

  it('are pictures of the size that was asked for', async () => {
    await open('lines');
    const size = async (kind: ExportKind): Promise<[number, number]> => {
      const { bytes } = await exported(kind);
      const view = new DataView(bytes.buffer);
      return [view.getUint32(16), view.getUint32(20)];
    };
    const [width, height] = await size('png1');
    assert.deepEqual(await size('png3'), [3 * width, 3 * height]);
  });

  for (const view of ['overview', 'head', 'lines', 'text', 'explain', 'position', 'laboratory'])
    it(`of ${view}: a picture with its text as text, and numbers`, async () => {
      await open(view);
      await panel.page.evaluate(() => window.fakeHost.moveCursor(5));
      await panel.settled();
      const svg = textOf((await exported('svg')).bytes);
      assert.ok((svg.match(/<text /g) ?? []).length > 5);
      assert.match(svg, /all-MiniLM-L6-v2 · lighthouse\.md · /);
      const files = unzipSync((await exported('npz')).bytes);
      assert.ok(Object.keys(files).length > 1);
      for (const [name, bytes] of Object.entries(files))
        if (name.endsWith('.npy')) assert.ok(floats(bytes).length > 0, name);
    });

  it('of the Chapter model hold every tensor', async () => {
    await open('chapter', { state: { chapter: readChapterSettings({}) } });
    const files = unzipSync((await exported('npz')).bytes);
    const shown = await panel.page.locator('al-chapter-view .tensor').count();
    assert.equal(Object.keys(files).length, shown + 1);
  });

  it('are offered in a list that the keyboard walks through', async () => {
    await open('head');
    const button = panel.page.locator('al-toolbar .export');
    await button.focus();
    await panel.page.keyboard.press('Enter');
    const items = panel.page.locator('al-export-menu [role=menuitem]');
    assert.equal(await items.count(), 9);
    assert.match(await items.first().innerText(), /SVG/);
    const focused = (): Promise<string> =>
      panel.page.locator('al-export-menu button:focus').innerText();
    await panel.page.keyboard.press('ArrowDown');
    assert.match(await focused(), /PNG 1×/);
    await panel.page.keyboard.press('Escape');
    assert.equal(await items.count(), 0);
    assert.ok(await button.evaluate((element) => element.matches(':focus')));
    await panel.page.keyboard.press('Enter');
    await items.filter({ hasText: 'CSV' }).click();
    await panel.settled();
    assert.equal((await panel.calls('saveFile')).length, 1);
  });

  it('as a bundle are left to the host, with what the page keeps', async () => {
    await open('lines');
    await panel.page.locator('al-toolbar .export').click();
    const items = panel.page.locator('al-export-menu [role=menuitem]');
    await items.filter({ hasText: 'Bundle' }).click();
    await panel.settled();
    const [asked] = await panel.calls('saveBundle');
    assert.equal((asked?.saved as { view: string }).view, 'lines');
    assert.equal(asked?.chosen, null);
  });

  it('of a bundle: it says what it is, and has the views that it holds', async () => {
    const check = { state: 'same', message: 'Same numbers.', progress: null } as const;
    await open('head', { state: { bundle: { about: 'Bundle of “a”.', check } } });
    const said = await panel.page.locator('al-bundle p').allInnerTexts();
    assert.deepEqual(
      said.map((text) => text.trim()),
      ['Bundle of “a”.', 'Same numbers.'],
    );
    assert.equal(await panel.page.locator('al-toolbar [role=radio]').count(), 4);
    await panel.page.locator('al-toolbar .export').click();
    assert.equal(await panel.page.locator('al-export-menu [role=menuitem]').count(), 8);
    await panel.page.keyboard.press('Escape');
  });

  it('say why there is nothing, and that the text changed', async () => {
    await open('explain', {
      state: {
        selection: {
          ...{ layer: 2, head: null, heads: null, aggregate: 'mean', reading: 'raw' },
          ...{ merge: 'tokens', encoding: null },
        },
      },
    });
    await panel.page.evaluate(() => window.fakeHost.exportAs('svg'));
    const notice = panel.page.locator('.notice');
    assert.match(await notice.innerText(), /There is nothing to export here yet\./);
    await notice.locator('button').click();
    assert.equal(await notice.count(), 0);
  });
});

function floats(npy: Uint8Array): Float32Array {
  const view = new DataView(npy.buffer, npy.byteOffset, npy.byteLength);
  const start = 10 + view.getUint16(8, true);
  return new Float32Array(npy.slice(start).buffer);
}
