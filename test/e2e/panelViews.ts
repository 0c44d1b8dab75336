/** The panel's views in a real VS Code, by mouse and keyboard, with the numbers on screen compared to the library's. */
import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { until } from './until';
import type { Weights } from './weights';
import type { Workbench } from './workbench';

/** Where the tests before have brought the session. */
export interface Shown {
  workbench: Workbench;
  weights: Weights;
  layer: number;
  head: number;
}

/** Goes on with a panel that shows the map of a head; the next head is looked at from here on. */
export function panelViews(shown: () => Shown): void {
  let panel: Frame;
  let rows: Float32Array[];
  let layer: number;
  let head: number;

  before(async () => {
    const { workbench, weights } = shown();
    layer = shown().layer;
    head = shown().head + 1;
    panel = await workbench.webview('al-toolbar [role=radio]');
    rows = await weights.rows(layer, head);
  });

  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await shown().workbench.page.keyboard.press(key);
  };
  /** A text of the panel, once it says what is looked for. */
  const text = (selector: string, what: RegExp): Promise<RegExpExecArray> =>
    until(`${String(what)} in ${selector}`, async () => {
      const written = await panel.locator(selector).last().innerText();
      return what.exec(written.replace(/\s+/g, ' ').trim()) ?? undefined;
    });
  const percent = (weight: number): string => (weight * 100).toFixed(1);
  const weightOf = (query: string | undefined, key: string | undefined): string =>
    percent(rows[Number(query)]?.[Number(key)] ?? NaN);

  it('goes from the overview to the next head by the keyboard', async () => {
    await panel.locator('al-toolbar [role=radio][aria-checked=true]').focus();
    await press('1');
    const heads = panel.locator('al-overview-view [role=listbox]');
    await heads.focus();
    await press('ArrowRight', 'Enter');
    await text('footer p', new RegExp(`^Layer ${layer}, head ${head}, raw: each row`));
  });

  it('tells the weight of a cell that the arrow keys go to', async () => {
    await panel.locator('al-attention-map .surface').focus();
    await press('Home', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight');
    const [, query, key, weight] = await text(
      'al-head-view [role=status]',
      /token (\d+), reads .+, token (\d+): ([\d.]+) %$/,
    );
    assert.equal(weight, weightOf(query, key));
  });

  it('takes that weight apart, and the arithmetic on screen adds up', async () => {
    await press('e');
    const [, query, key] = await text('al-explain-view h2 + p', /tokens (\d+) and (\d+)/);
    const [, weight] = await text('al-explain-view h2', /([\d.]+) %$/);
    assert.equal(weight, weightOf(query, key));
    const number = (written: string | undefined): number =>
      Number(written?.replace('−', '-') ?? NaN);
    const numbers = /−?\d+\.\d+/g;
    const [, scoreFormula = '', softmaxFormula = '', valueFormula = ''] = await panel
      .locator('al-explain-view section')
      .evaluateAll((sections) =>
        sections.map((section) => section.querySelector('.formula')?.textContent ?? ''),
      );
    const products = await panel
      .locator('al-explain-view section')
      .first()
      .locator('tfoot td')
      .allInnerTexts();
    const [dot, score] = (scoreFormula.match(numbers) ?? []).map(number);
    const [exponent, logSumExp, percents] = (softmaxFormula.match(numbers) ?? []).map(number);
    const [part, output, brought] = (valueFormula.match(numbers) ?? []).map(number);
    assert.ok(products.map(number).includes(dot ?? NaN), `${dot} in ${products.join(' ')}`);
    near((dot ?? NaN) / Math.sqrt(32), score, 1e-3);
    near(exponent, score, 1e-9);
    near(100 * Math.exp((exponent ?? NaN) - (logSumExp ?? NaN)), percents, 0.02);
    near((percents ?? NaN) / 100, part, 1e-4);
    near((part ?? NaN) * (output ?? NaN), brought, 1e-3);
    const sum = panel.locator('al-explain-view section').nth(2).locator('tfoot td').last();
    assert.equal((await sum.innerText()).replace(/\s/g, ' '), '100.00 %');
  });

  it('shows the lines of one token', async () => {
    await panel.locator('al-toolbar [role=radio][aria-label="Lines"]').click();
    await panel.locator('al-lines-canvas .scroller').focus();
    await press('Home', 'ArrowDown', 'ArrowDown', 'ArrowDown');
    const [, query, key, weight] = await text(
      'al-lines-view [role=status]',
      /^\S+ (\d+) · reads \S+ (\d+) ([\d.]+) %/,
    );
    assert.equal(weight, weightOf(query, key));
  });

  it('lists what a clicked token of the text reads, and what reads it', async () => {
    await panel.locator('al-toolbar [role=radio][aria-label="Text"]').click();
    const token = 5;
    await panel.locator(`al-text-surface [data-tokens="${token}"]`).click();
    await text('al-inspector h2 + .muted', new RegExp(`^token ${token} of`));
    const of = (weights: readonly number[]): string[] =>
      weights
        .slice(1, -1)
        .sort((a, b) => b - a)
        .map(percent);
    const lists = panel.locator('al-inspector .lists section');
    const shownIn = async (at: number): Promise<string[]> =>
      (await lists.nth(at).locator('.weight').allInnerTexts()).map(
        (written) => /[\d.]+/.exec(written)?.[0] ?? '',
      );
    const [reads, readBy] = [await shownIn(0), await shownIn(1)];
    assert.ok(reads.length >= 3 && readBy.length >= 3);
    assert.deepEqual(reads, of([...(rows[token] ?? [])]).slice(0, reads.length));
    assert.deepEqual(readBy, of(rows.map((row) => row[token] ?? 0)).slice(0, readBy.length));
  });
}

function near(one: number | undefined, other: number | undefined, within: number): void {
  const apart = Math.abs((one ?? NaN) - (other ?? NaN));
  assert.ok(apart <= within, `${one} and ${other} are ${apart} apart`);
}
