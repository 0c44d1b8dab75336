import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { INITIAL_SELECTION, READINGS, type Selection } from '../../server/protocol';
import type { FakeHostOptions } from './fakeHost';
import { launchBrowser, openPanel, type PanelPage } from './panelPage';

const TIMEOUT_MS = 60_000;
const TOKENS = 120;

describe('what the panel shows', function () {
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

  const open = async (
    selection: Partial<Selection> = {},
    host: FakeHostOptions & { theme?: 'dark' | 'light'; width?: number } = {},
  ): Promise<PanelPage> => {
    const { theme = 'dark', width = 1200, ...more } = host;
    const shown = { ...INITIAL_SELECTION, layer: 2, head: 2, ...selection };
    panel = await openPanel(browser, {
      ...{ theme, width },
      host: { tokens: TOKENS, state: { selection: shown }, ...more },
    });
    return panel;
  };
  const sentence = (): Promise<string> => panel.page.locator('footer p').innerText();
  const reading = () => panel.page.getByLabel('Reading', { exact: true });
  const aggregate = () => panel.page.getByLabel('How several heads become one');
  const words = () => panel.page.getByRole('button', { name: 'words', exact: true });
  const head = (layer: number, index: number) =>
    panel.page.getByRole('option', { name: `layer ${layer}, head ${index}`, exact: true });
  const last = async (): Promise<Selection | undefined> =>
    (await panel.calls('setSelection')).at(-1);

  for (const theme of ['dark', 'light'] as const)
    for (const name of READINGS)
      it(`is drawn in the reading ${name}, ${theme}`, async () => {
        await open({ head: null }, { theme });
        await panel.page.evaluate(() => window.fakeHost.moveCursor(17));
        await reading().selectOption(name);
        await panel.settled();
        assert.equal((await last())?.reading, name);
        assert.equal((await panel.calls('region')).at(-1)?.selection.reading, name);
        assert.match(await sentence(), new RegExp(READING_NAMES[name]));
        await panel.screenshot(`reading-${name}-${theme}`);
        assert.deepEqual(panel.complaints, []);
      });

  it('is one switch: rollout lets go of a head, and never gets one', async () => {
    await open({ aggregate: 'max', heads: null });
    await reading().selectOption('rollout');
    await panel.settled();
    const rolled = { ...INITIAL_SELECTION, layer: 2, reading: 'rollout' as const };
    assert.deepEqual(await last(), rolled);
    assert.match(await sentence(), /^Layers 0 to 2, mean of 12 heads, rollout/);
    assert.ok(await aggregate().isDisabled());
    assert.match((await aggregate().getAttribute('title')) ?? '', /by itself/);
    assert.equal(await head(4, 7).getAttribute('aria-disabled'), 'true');
    assert.match((await head(4, 7).getAttribute('title')) ?? '', /mixes the heads/);
    await head(4, 7).click({ force: true });
    await panel.settled();
    assert.deepEqual(await last(), { ...rolled, layer: 4 });
    // Of heads there is no picture, and none is asked for.
    for (const { reading: asked } of await panel.calls('overview'))
      assert.notEqual(asked, 'rollout');
    await panel.page.getByRole('radio', { name: 'Overview' }).click();
    await panel.settled();
    assert.match(await sentence(), /^Rollout up to each of the 6 layers/);
    await panel.screenshot('overview-rollout');
    assert.deepEqual(panel.complaints, []);
  });

  it('tells how heads become one where there are several', async () => {
    await open();
    assert.ok(await aggregate().isDisabled());
    await panel.page.getByRole('option', { name: 'layer 3, mean of its heads' }).click();
    await panel.settled();
    await aggregate().selectOption('max');
    await panel.settled();
    assert.deepEqual(await last(), { ...INITIAL_SELECTION, layer: 3, aggregate: 'max' });
    assert.match(await sentence(), /^Layer 3, maximum of 12 heads, raw/);
    // The pictures of layers follow, those of heads are here.
    assert.equal((await panel.calls('overview')).length, 1);
    const layers = (await panel.calls('region')).filter(
      ({ selection }) => selection.aggregate === 'max' && selection.layer === 5,
    );
    assert.equal(layers.length, 1);
    const name = 'layer 3, maximum of its heads';
    const option = panel.page.getByRole('option', { name });
    assert.equal(await option.getAttribute('aria-selected'), 'true');
  });

  it('takes several heads by Ctrl and click, or by Shift and arrow keys', async () => {
    await open();
    await head(2, 5).click({ modifiers: ['Control'] });
    await head(2, 9).click({ modifiers: ['Control'] });
    await panel.settled();
    assert.deepEqual((await last())?.heads, [2, 5, 9]);
    assert.match(await sentence(), /^Layer 2, mean of heads 2, 5, 9, raw/);
    assert.equal(await panel.page.locator('nav [aria-selected="true"]').count(), 3);
    await head(2, 5).click({ modifiers: ['Control'] });
    await panel.settled();
    assert.deepEqual((await last())?.heads, [2, 9]);
    await panel.screenshot('several-heads');
    await head(4, 1).click({ modifiers: ['Control'] });
    await panel.settled();
    assert.deepEqual(await last(), { ...INITIAL_SELECTION, layer: 4, head: 1 });
    await panel.page.locator('nav [role=listbox]').focus();
    await panel.page.keyboard.press('Shift+ArrowRight');
    await panel.page.keyboard.press('Shift+ArrowRight');
    await panel.page.keyboard.press('Shift+ArrowLeft');
    await panel.settled();
    assert.deepEqual((await last())?.heads, [0, 1, 2, 3]);
    await panel.page.keyboard.press('ArrowDown');
    await panel.settled();
    assert.equal((await last())?.heads, null);
  });

  it('counts words where they are wanted, in map, read-out, lists and editor', async () => {
    await open({ merge: 'words' });
    const named = await panel.page.evaluate(() => window.fakeHost.words);
    const whole = (await panel.calls('region')).find(
      ({ selection }) => selection.merge === 'words',
    );
    assert.equal(whole?.queries[1], named.texts.length);
    assert.match(await sentence(), /the pieces of a word count as one/);
    const token = named.of.findIndex(
      (word, at) => word === named.of[at + 1] && named.texts[word] !== undefined,
    );
    assert.ok(token > 0);
    await panel.page.evaluate((at) => window.fakeHost.moveCursor(at), token + 1);
    await panel.settled();
    const number = panel.page.locator('al-inspector .muted').first();
    const title = await panel.page.locator('al-inspector h2').innerText();
    assert.equal(title.trim(), named.texts[named.of[token]!]);
    assert.match(
      await number.innerText(),
      new RegExp(`tokens ${token} to ${token + 1} of ${TOKENS}`),
    );
    await panel.screenshot('words');
    await words().click();
    await panel.settled();
    assert.equal((await last())?.merge, 'tokens');
    assert.match(await number.innerText(), new RegExp(`^token ${token + 1} of ${TOKENS}`));
    assert.doesNotMatch(await sentence(), /count as one/);
    assert.deepEqual(panel.complaints, []);
  });

  it('fits its controls into a narrow panel', async () => {
    await open({}, { width: 300 });
    assert.equal(await reading().isVisible(), false);
    await panel.page.locator('al-toolbar .more').click();
    for (const control of [reading(), aggregate(), words()]) {
      const box = await control.boundingBox();
      assert.ok(box && box.x >= 0 && box.x + box.width <= 300);
    }
    await panel.screenshot('controls-narrow');
  });
});

const READING_NAMES: { readonly [reading in Selection['reading']]: string } = {
  raw: 'raw',
  withoutSink: 'without sink',
  valueWeighted: 'value-weighted',
  rollout: 'rollout',
};
