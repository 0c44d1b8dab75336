import assert from 'node:assert/strict';
import { panelSuite } from './panelSuite';
import { INITIAL_SELECTION } from '../../server/protocol';
import { EDITED_AT, INSERTED } from './syntheticCompared';

const TOKENS = 40;
const selection = { ...INITIAL_SELECTION, layer: 2, head: 2 };
const compare = { first: { kind: 'shown' }, second: { kind: 'saved' }, show: 'all' };

panelSuite('comparing in the panel', (suite) => {
  const open = (saved: object, rest: object = {}) =>
    suite.open({ host: { tokens: TOKENS, saved, state: { selection } }, ...rest });
  const sentence = (): Promise<string> => suite.panel.page.locator('footer p').innerText();

  it('teaches what to do where nothing is compared, and begins with one click', async () => {
    const { page } = await open({ view: 'compare' });
    assert.match(await sentence(), /nothing is compared yet/);
    assert.equal(await page.locator('al-compare-view al-attention-map').count(), 0);
    await suite.panel.screenshot('compare-empty');
    await page.getByRole('button', { name: 'saved on disk' }).click();
    await suite.panel.settled();
    assert.equal(await page.locator('al-compare-view al-attention-map').count(), 3);
    assert.match(await sentence(), /A is lighthouse\.md, B is saved on disk/);
  });

  it('shows both versions and their difference, with what one of them lacks', async () => {
    const { page } = await open({ view: 'compare', compare });
    assert.equal(await page.locator('al-compare-view al-attention-map').count(), 3);
    assert.equal(await page.locator('al-compare-view al-legend').count(), 2);
    await suite.panel.screenshot('compare-saved');
    // One token was replaced by two.
    const both = new RegExp(
      `${TOKENS - 1} tokens are the same, of ${TOKENS} in A and ${TOKENS + 1} in B`,
    );
    assert.match(await sentence(), both);
    assert.match(await sentence(), /lie .+%\sof A’s rows and .+%\sof B’s/);
    const rows = page.locator('al-changes-card tbody tr');
    assert.equal(await rows.count(), 10);
    const [first] = await rows.allInnerTexts();
    const numbers = [...(first ?? '').matchAll(/(\d+\.\d)\s%/g)].map(([, text]) => Number(text));
    const [a = NaN, b = NaN, change = NaN] = numbers;
    assert.ok(Math.abs(Math.abs(b - a) - change) < 0.11, first);
    await rows.first().getByRole('button').click();
    await suite.panel.settled();
    const readout = await page.locator('al-compare-view .readout').innerText();
    assert.match(readout, /reads .+: A .+ B .+[+−]/);
    await page.getByRole('button', { name: 'difference', exact: true }).click();
    await suite.panel.settled();
    assert.equal(await page.locator('al-compare-view al-attention-map').count(), 1);
    await page.evaluate(() => window.fakeHost.exportAs('npz'));
    await suite.panel.settled();
    const [file] = await suite.panel.calls('saveFile');
    assert.equal(file?.name, 'lighthouse-compare-layer2-head2');
    assert.deepEqual(suite.panel.complaints, []);
  });

  it('says which side has no such token, and shows no difference for it', async () => {
    const { page } = await open({ view: 'compare', compare });
    const surface = page.locator('al-compare-view al-attention-map .surface').last();
    await surface.focus();
    // From the first cell to a key that B alone has: A's own token comes before it.
    for (let step = 0; step < EDITED_AT + 2; step++) await page.keyboard.press('ArrowRight');
    await suite.panel.settled();
    const readout = await page.locator('al-compare-view .readout').innerText();
    assert.match(readout, new RegExp(`A has no “${INSERTED[0]}” here`));
    assert.match(readout, /A – B /);
  });

  it('keeps a side, to compare it with another model later', async () => {
    const { page } = await open({ view: 'compare', compare });
    const second = page.getByLabel('B: what it is compared with');
    await second.selectOption({ label: 'another model …' });
    await suite.panel.settled();
    assert.equal((await suite.panel.calls('chooseModel')).length, 1);
    assert.match(
      await sentence(),
      /A is kept: lighthouse\.md · Layer 2, head 2 · .+, B is lighthouse\.md/,
    );
    await page.evaluate(() =>
      window.fakeHost.update({ selection: { ...window.fakeHost.state.selection, head: 5 } }),
    );
    await suite.panel.settled();
    assert.match(await sentence(), /Layer 2, head 5, raw: A is kept: .+head 2/);
    assert.equal(await page.locator('al-changes-card tbody tr').count(), 10);
  });

  it('folds when it is narrow, all below each other', async () => {
    const { page } = await open({ view: 'compare', compare }, { width: 300 });
    await suite.panel.screenshot('compare-narrow');
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    assert.ok(!wide);
    const tops = await page
      .locator('al-linked-maps figure')
      .evaluateAll((maps) => maps.map((map) => map.getBoundingClientRect().top));
    assert.equal(new Set(tops).size, 3);
  });

  it('says why a side cannot be had, and swaps sides', async () => {
    const { page } = await open(
      { view: 'compare', compare },
      {
        host: {
          tokens: TOKENS,
          state: { selection },
          saved: { view: 'compare', compare },
          refused: { comparedTokens: 'The document is not there any more.' },
        },
      },
    );
    assert.match(
      await page.getByRole('alert').first().innerText(),
      /^A: The document is not there/,
    );
    await page.getByRole('button', { name: 'Swap A and B' }).click();
    await suite.panel.settled();
    assert.match(await sentence(), /A is saved on disk, B is lighthouse\.md/);
  });
});
