/** The Chapter model, its worked examples and its errata in the packaged extension. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { decodeNumbers } from '../../server/analysis/numbers';
import { WORKED_EXAMPLES } from '../../server/chapter/workedExamples';
import { compact, percent } from '../../webview/format';
import { root } from '../hosts/places.mjs';
import { start, type Client } from '../protocol/client';
import { pictureForDocs } from './pictures';
import { Session } from './session';
import { until } from './until';
import type { Workbench } from './workbench';

const SAMPLE = 'lighthouse.txt';
const uri = 'file:///lighthouse.txt';
const EXAMPLE = 'chapter-4.1.5-attention.csv';
/** Model loading and VS Code's start, on a machine that does other things. */
const testTimeoutMs = 180_000;
/** Room for text and panel side by side. */
const pageWidth = 1700;

const session = new Session();
let workbench: Workbench;
let client: Client;

describe('the chapter in the packaged extension', function () {
  this.timeout(testTimeoutMs);

  before(async () => {
    client = await start({ initialize: { initializationOptions: { model: 'chapter' } } });
    await client.open(uri, readFileSync(join(root, 'samples', SAMPLE), 'utf8'));
    for (const { section, text } of WORKED_EXAMPLES) await client.open(section, text);
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

  /** The numbers that stand beside a tensor's strip. */
  const numbersOf = async (panel: Frame, title: string): Promise<string> => {
    const row = panel.locator('al-chapter-view .tensor').filter({
      has: panel.locator('.title', { hasText: new RegExp(`^\\s*${title}\\s*$`) }),
    });
    return row.locator('code').innerText();
  };
  const numbersBecome = async (panel: Frame, title: string, expected: ArrayLike<number>) => {
    const text = Array.from(expected, compact).join('  ');
    await until(`${title} ${text}`, async () =>
      (await numbersOf(panel, title)) === text ? true : undefined,
    );
  };
  const weightsOf = async (document: string, token: number): Promise<Float32Array> =>
    decodeNumbers(
      (await client.request('attentionLens/row', { textDocument: { uri: document }, token }))
        .weights,
    );

  it('reads a text with the chapter’s controls, by the keyboard too', async () => {
    let panel = await workbench.panelView('Chapter', 'al-chapter-view button.primary');
    await panel.getByRole('button', { name: 'Use the Chapter model' }).click();
    panel = await workbench.webview('al-chapter-controls select');
    await panel.getByLabel('Positional encoding').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown'])
      await workbench.page.keyboard.press(key);
    await client.request('attentionLens/setSelection', { chapter: { encoding: 'alibi' } });
    const weights = await weightsOf(uri, 15);
    const key = weights.findIndex(
      (weight, at) => at > 0 && weight === Math.max(...weights.slice(1)),
    );
    assert.ok(key > 0);
    const hover = await until('a hover of the Chapter model with ALiBi', async () => {
      const text = (await workbench.hover(SAMPLE, 'lit')).join('\n');
      return text.includes('Chapter model: scaled dot, ALiBi') ? text : undefined;
    });
    assert.match(hover, /token 15 of 77/);
    await panel.getByLabel('Positional encoding').selectOption('sinusoidal');
    await client.request('attentionLens/setSelection', { chapter: { encoding: 'sinusoidal' } });
  });

  it('shows the formula of the sinusoidal encoding with this token’s numbers in it', async () => {
    const panel = await workbench.panelView('Position', 'al-matrix .surface');
    const { formula } = await client.request('attentionLens/position', {
      textDocument: { uri },
      token: 15,
      dimension: 0,
    });
    await panel.locator('.formula .filled', { hasText: formula?.text ?? '' }).waitFor();
    await panel.getByText('Vector of position 15 (lit)').waitFor();
    await pictureForDocs(workbench, 'position-sinusoidal', { theme: 'light', panelOnly: true });
  });

  it('shows a pair step by step', async () => {
    const panel = await workbench.panelView('Chapter', 'al-chapter-view .stages');
    await panel.getByLabel('read with the key').selectOption('16');
    const { pair } = await client.request('attentionLens/stages', {
      textDocument: { uri },
      token: 15,
      key: 16,
    });
    await panel.locator('.pair tbody tr').first().waitFor();
    const shown = await panel.locator('.pair tbody tr').allInnerTexts();
    assert.deepEqual(
      shown.map((row) => row.split('\t').slice(0, 4)),
      pair?.heads.map(({ head, similarity, scaled, weight }) => [
        String(head),
        compact(similarity),
        compact(scaled ?? NaN),
        percent(weight),
      ]),
    );
  });

  it('opens a worked example by the keyboard and weighs it right', async () => {
    await workbench.page.keyboard.press('F1');
    await workbench.choose('Attention Lens: Open Worked Example', '>');
    await workbench.choose('4.1.5');
    await workbench.editor(EXAMPLE);
    const panel = await workbench.panelView('Chapter', 'al-chapter-view .entries');
    await numbersBecome(panel, 'Weights', await weightsOf('4.1.5', 0));
    await numbersBecome(panel, 'Context vector', [14.4519]);
    await pictureForDocs(workbench, 'worked-example', { theme: 'light' });
    await panel.getByLabel('Token', { exact: true }).focus();
    await workbench.page.keyboard.press('ArrowDown');
    await numbersBecome(panel, 'Weights', await weightsOf('4.1.5', 1));
  });

  it('follows an edit: with √5 as the chapter takes it', async () => {
    const panel = await workbench.webview('al-chapter-view .entries');
    await panel.getByLabel('Token', { exact: true }).selectOption('0');
    const place = await workbench.rectangle(EXAMPLE, 'd_k: 1');
    await workbench.page.mouse.click(place.x + place.width - 1, place.y + place.height / 2);
    await workbench.page.keyboard.press('End');
    await workbench.page.keyboard.press('Backspace');
    await workbench.page.keyboard.type('5');
    await numbersBecome(panel, 'Context vector', [13.8251]);
    assert.equal(
      await numbersOf(panel, 'Weights'),
      [0.067486, 0.105545, 0.165067, 0.258157, 0.403744].map(compact).join('  '),
    );
  });

  it('says over a broken example what is wrong', async () => {
    await workbench.page.keyboard.type('x');
    const panel = await workbench.webview('al-condition');
    await panel.locator('al-condition', { hasText: '"d_k" must be one number above 0' }).waitFor();
    await workbench.page.keyboard.press('Backspace');
    await panel.locator('al-chapter-view .entries').waitFor();
  });

  it('lists the errata as the protocol tells them', async () => {
    await workbench.command('Attention Lens: Show Errata of the Chapter');
    const panel = await workbench.webview('al-errata li');
    const { errata } = await client.request('attentionLens/errata', {});
    const shown = await panel.locator('al-errata li dd.right').allInnerTexts();
    assert.deepEqual(
      shown,
      errata.map(({ right }) => right),
    );
    await pictureForDocs(workbench, 'errata-en', { theme: 'light', panelOnly: true });
  });
});
