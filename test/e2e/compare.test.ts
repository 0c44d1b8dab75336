/** Comparing with the saved file in the packaged extension: what is on screen is what the protocol says. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { decodeNumbers } from '../../server/analysis/numbers';
import { percent, points } from '../../webview/format';
import { root } from '../hosts/places.mjs';
import { start, type Client } from '../protocol/client';
import { Session } from './session';
import { until } from './until';
import type { Workbench } from './workbench';

const SAMPLE = 'lighthouse.txt';
const [edited, saved] = ['file:///edited.txt', 'file:///saved.txt'];
/** What is written at the beginning of the second line. */
const WRITTEN = 'Slowly, ';
const testTimeoutMs = 180_000;
const pageWidth = 1700;

const session = new Session();

describe('comparing in the packaged extension', function () {
  this.timeout(testTimeoutMs);
  let workbench: Workbench;
  let client: Client;

  before(async () => {
    const text = readFileSync(join(root, 'samples', SAMPLE), 'utf8');
    const [first = '', ...others] = text.split('\n');
    client = await start();
    await client.open(saved, text);
    await client.open(edited, [first, WRITTEN + others.join('\n')].join('\n'));
    await session.start();
    workbench = await session.open(SAMPLE, 'light', pageWidth);
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await session.saveFailure(this.currentTest.title);
  });

  after(async () => {
    await client.stop();
    await session.stop();
  });

  const weightsOf = async (uri: string): Promise<{ count: number; weights: Float32Array }> => {
    const answer = await client.request('attentionLens/map', { textDocument: { uri } });
    return { count: answer.rows, weights: decodeNumbers(answer.values) };
  };

  /** The pair of tokens that both texts have whose weight differs most, in words. */
  async function strongest(): Promise<string> {
    const { pairs } = await client.request('attentionLens/compare', {
      textDocument: { uri: edited },
      other: { textDocument: { uri: saved } },
    });
    const [one, two] = [await weightsOf(edited), await weightsOf(saved)];
    const { tokens } = await client.request('attentionLens/tokens', {
      textDocument: { uri: edited },
    });
    const cells = pairs.flatMap(([query, otherQuery]) =>
      pairs.map(([key, otherKey]) => {
        const a = one.weights[query * one.count + key] ?? NaN;
        const b = two.weights[otherQuery * two.count + otherKey] ?? NaN;
        return { query, key, a, b };
      }),
    );
    const most = cells.reduce((best, cell) =>
      Math.abs(cell.b - cell.a) > Math.abs(best.b - best.a) ? cell : best,
    );
    const names = [most.query, most.key].map((token) => tokens[token]?.text ?? '');
    const { a, b } = most;
    return plain(`${names[0]} → ${names[1]} ${percent(a)} ${percent(b)} ${points(b - a)}`);
  }

  const firstChange = async (panel: Frame): Promise<string> =>
    plain(await panel.locator('al-changes-card tbody tr').first().innerText());

  it('shows what an edit changed against the file on disk', async () => {
    await workbench.goTo(2, 1);
    await workbench.page.keyboard.type(WRITTEN);
    await workbench.command('Attention Lens: Compare Active File with Saved');
    const panel = await workbench.webview('al-changes-card tbody tr');
    const expected = await strongest();
    await until(expected, async () => (await firstChange(panel)) === expected || undefined);
    const sentence = plain(await panel.locator('footer p').innerText());
    const [own, others] = [(await weightsOf(edited)).count, (await weightsOf(saved)).count];
    assert.ok(own > others);
    assert.match(
      sentence,
      new RegExp(`${others} tokens are the same, of ${own} in A and ${others} in B`),
    );
    await panel.locator('al-changes-card tbody button').first().click();
    const readout = plain(await panel.locator('al-compare-view .readout').innerText());
    const [, change = ''] = /(\S+ ?%)$/.exec(expected) ?? [];
    assert.ok(readout.endsWith(change), `${readout} ends with ${change}`);
  });

  it('follows the file when it is saved', async () => {
    const panel = await workbench.webview('al-changes-card');
    const editor = await workbench.editor(SAMPLE);
    await editor.locator('.view-line').first().click();
    await workbench.page.keyboard.press('Control+S');
    await until('no weight that differs', async () => {
      const sentence = await panel.locator('footer p').innerText();
      return sentence.includes('no weight differs') || undefined;
    });
  });
});

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
