/** Exports and bundles of the packaged extension: files that are written, and what another VS Code makes of them. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { unzipSync } from 'fflate';
import type { Frame } from 'playwright-core';
import { readNpy } from '../../archive/npy';
import { decodeNumbers } from '../../server/analysis/numbers';
import type { About } from '../../webview/export/about';
import { root } from '../hosts/places.mjs';
import { start, type Client } from '../protocol/client';
import { Session } from './session';
import { until } from './until';
import type { Workbench } from './workbench';

const SAMPLE = 'lighthouse.txt';
const textDocument = { uri: 'file:///lighthouse.txt' };
/** Of the sample, the template's included. */
const TOKENS = 77;
/** Model loading and two starts of VS Code, on a machine that does other things. */
const testTimeoutMs = 240_000;
const pageWidth = 1700;

const session = new Session();
const other = new Session();
let workbench: Workbench;
let elsewhere: Workbench;
let client: Client;
let panel: Frame;
let weights: Float32Array;

/**
 * The package computes on WebAssembly, the server that is asked here on the native engine where there is
 * one: their weights differ by some 1e-7.
 */
const ROUNDING = 1e-5;

function assertSame(found: Float32Array, expected: Float32Array): void {
  assert.equal(found.length, expected.length);
  const other = found.findIndex((weight, at) => !(Math.abs(weight - expected[at]!) < ROUNDING));
  assert.equal(other, -1, `${other}: ${found[other]} instead of ${expected[other]}`);
}

describe('exports of the packaged extension', function () {
  this.timeout(testTimeoutMs);

  before(async () => {
    client = await start();
    await client.open(textDocument.uri, readFileSync(join(root, 'samples', SAMPLE), 'utf8'));
    const size = { rows: TOKENS, columns: TOKENS };
    weights = decodeNumbers(
      (await client.request('attentionLens/map', { textDocument, size })).values,
    );
    await session.start();
    workbench = await session.open(SAMPLE, 'light', pageWidth);
    await workbench.goTo(2, 6);
    await workbench.command('Attention Lens: Open Heatmap');
    panel = await workbench.panelView('Head', 'al-attention-map');
    await panel.locator('al-inspector h2', { hasText: 'lit' }).waitFor();
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await session.saveFailure(this.currentTest.title);
    await other.saveFailure(this.currentTest.title);
  });

  after(async () => {
    await client.stop();
    await session.stop();
    await other.stop();
  });

  it('writes the head’s numbers as CSV, NPY, NPZ and JSON, as the protocol has them', async () => {
    const csv = (await exported(session, workbench, panel, 'CSV', 'csv')).toString('utf8');
    const [header = '', ...lines] = csv.trimEnd().split('\r\n');
    assert.match(header, /all-MiniLM-L6-v2/);
    const cells = lines.flatMap((line) => line.split(',').slice(-TOKENS).map(Number));
    assertSame(Float32Array.from(cells), weights);

    const files = unzipSync(await exported(session, workbench, panel, 'NPZ', 'npz'));
    assertSame(arrayOf(files['weights.npy']!), weights);

    const json = await exported(session, workbench, panel, 'JSON', 'json');
    const { tables } = JSON.parse(json.toString('utf8')) as { tables: { values: number[][] }[] };
    assertSame(Float32Array.from(tables[0]!.values.flat()), weights);
  });

  it('asks before a file that is there is replaced', async () => {
    const beside = join(session.workspace, 'lighthouse-head.json');
    const before = readFileSync(beside);
    await chooseFormat(panel, 'NPY');
    const place = await placeOffered(workbench, 'npy');
    await workbench.page.keyboard.press('Enter');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.getByText('“lighthouse-head.json” is there already.').waitFor();
    assert.deepEqual(readFileSync(beside), before);
    await dialog.getByRole('button', { name: 'Replace' }).click();
    assertSame(arrayOf(await fileAt(session, place)), weights);
  });

  it('writes pictures that say what they are of', async () => {
    const svg = (await exported(session, workbench, panel, 'SVG', 'svg')).toString('utf8');
    const [, metadata = ''] = /<metadata>(.*)<\/metadata>/.exec(svg) ?? [];
    const about = JSON.parse(metadata.replaceAll('&quot;', '"')) as About;
    const { model } = await client.request('attentionLens/tokens', { textDocument });
    assert.equal(about.model.hash, model.hash);
    assert.deepEqual([about.document.name, about.window.tokens], [SAMPLE, TOKENS]);
    assert.match(svg, />lit</);
    const png = await exported(session, workbench, panel, 'PNG 2×', 'png');
    assert.equal(png.subarray(1, 4).toString('latin1'), 'PNG');
    const [, width] = /<svg [^>]*width="(\d+)"/.exec(svg) ?? [];
    assert.equal(png.readUInt32BE(16), 2 * Number(width));
  });

  it('writes what the text is shaded by', async () => {
    await workbench.panelView('Text', 'al-text-surface');
    const files = unzipSync(await exported(session, workbench, panel, 'NPZ', 'npz'));
    const asked = { textDocument, token: 15 };
    const reads = decodeNumbers((await client.request('attentionLens/row', asked)).weights);
    const readBy = decodeNumbers(
      (await client.request('attentionLens/row', { ...asked, direction: 'readBy' })).weights,
    );
    const rows = arrayOf(files['rows.npy']!);
    for (const [at, expected] of [reads, readBy].entries())
      assertSame(
        rows.filter((_, place) => place % 2 === at),
        expected,
      );
    await workbench.panelView('Head', 'al-attention-map');
  });

  it('saves a bundle once the person knows that the text is inside', async () => {
    await panel.locator('al-toolbar .export').click();
    await panel.locator('al-export-menu [role=menuitem]', { hasText: 'Bundle' }).click();
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.getByText('The bundle will hold the whole text of “lighthouse.txt”').waitFor();
    await dialog.getByText('the weights of all 72 heads').waitFor();
    await dialog.getByRole('button', { name: 'Choose a place' }).click();
    const file = await saved(session, workbench, 'attnlens');
    const files = unzipSync(file);
    assert.equal(
      new TextDecoder().decode(files['text.txt']),
      readFileSync(join(root, 'samples', SAMPLE), 'utf8'),
    );
    const manifest = new TextDecoder().decode(files['manifest.json']);
    assert.doesNotMatch(manifest, new RegExp(session.workspace));
    assert.deepEqual(readNpy(files['weights.npy']!)?.shape, [6, 12, TOKENS, TOKENS]);
  });

  it('shows the bundle in another VS Code, with the same numbers, and checks them there', async () => {
    await other.start();
    const file = readFileSync(join(session.workspace, 'lighthouse.attnlens'));
    writeFileSync(join(other.workspace, 'sent.attnlens'), file);
    writeFileSync(join(other.workspace, 'cut.attnlens'), file.subarray(0, file.length / 2));
    elsewhere = await other.open('inventory.ts', 'light', pageWidth);
    await elsewhere.page.keyboard.press('Control+P');
    await elsewhere.choose('sent.attnlens');
    const bundle = await elsewhere.webview('al-bundle');
    await bundle.locator('al-bundle').getByText('Bundle of “lighthouse.txt”').waitFor();
    await bundle.locator('al-attention-map').waitFor();
    assert.equal(await bundle.locator('al-toolbar [role=radio]').count(), 4);
    assertSame(arrayOf(await exported(other, elsewhere, bundle, 'NPY', 'npy')), weights);
    const verdict = bundle.locator('al-bundle').getByText('This machine gives the same numbers');
    await verdict.waitFor({ timeout: testTimeoutMs / 2 });
  });

  it('says what is wrong with a bundle that lost its end', async () => {
    const { page } = elsewhere;
    await page.keyboard.press('Control+P');
    await elsewhere.choose('cut.attnlens');
    const sentence = 'The end of the bundle is missing';
    await until('the reason', async () => {
      for (const frame of page.frames())
        if (
          (await frame
            .getByText(sentence)
            .count()
            .catch(() => 0)) > 0
        )
          return true;
      return undefined;
    });
  });
});

/** Exports by the panel's menu, takes the place that the dialog offers, and reads the file. */
async function exported(
  { workspace }: Session,
  { page }: Workbench,
  frame: Frame,
  format: string,
  extension: string,
): Promise<Buffer> {
  await chooseFormat(frame, format);
  return saved({ workspace }, { page }, extension);
}

async function chooseFormat(frame: Frame, format: string): Promise<void> {
  await frame.locator('al-toolbar .export').click();
  const items = frame.locator('al-export-menu [role=menuitem]');
  await items.filter({ has: frame.getByText(format, { exact: true }) }).click();
}

/** Takes the place that the dialog for files offers, and reads the file. */
async function saved(
  place: Pick<Session, 'workspace'>,
  { page }: Pick<Workbench, 'page'>,
  extension: string,
): Promise<Buffer> {
  const name = await placeOffered({ page }, extension);
  await page.keyboard.press('Enter');
  return fileAt(place, name);
}

/** The name that the dialog for files offers. */
function placeOffered({ page }: Pick<Workbench, 'page'>, extension: string): Promise<string> {
  const input = page.locator('.quick-input-widget input.input').first();
  return until('the dialog', async () => {
    const place = await input.inputValue().catch(() => '');
    return place.endsWith(`.${extension}`) ? basename(place) : undefined;
  });
}

function fileAt({ workspace }: Pick<Session, 'workspace'>, name: string): Promise<Buffer> {
  const file = join(workspace, name);
  return until(`the file ${name}`, () => {
    const bytes = existsSync(file) ? readFileSync(file) : Buffer.of();
    return Promise.resolve(bytes.length > 0 ? bytes : undefined);
  });
}

function arrayOf(bytes: Uint8Array): Float32Array {
  const array = readNpy(bytes);
  assert.equal(array?.type, '<f4');
  return new Float32Array(array.data.buffer);
}
