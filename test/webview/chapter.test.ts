import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { readChapterSettings } from '../../server/chapter/settings';
import { keepForDocs } from '../docsPictures';
import { start } from '../protocol/client';
import { launchBrowser, openPanel, type PageOptions, type PanelPage } from './panelPage';
import { syntheticStages } from './syntheticChapter';
import { themes } from './themes';

/** A browser's start and pages with made-up heads, on a busy machine. */
const TIMEOUT_MS = 60_000;

describe('the chapter in the panel', function () {
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

  const chapter = readChapterSettings({});
  const open = async (host: PageOptions['host'] = {}, rest: PageOptions = {}) =>
    (panel = await openPanel(browser, {
      ...rest,
      host: { tokens: 24, saved: { view: 'chapter', page: 'pipeline' }, ...host },
    }));

  for (const theme of Object.keys(themes) as (keyof typeof themes)[])
    it(`shows the pipeline in the ${theme} theme`, async () => {
      await open({ state: { chapter } }, { theme });
      await panel.page.locator('.stage').first().waitFor();
      const { stages } = syntheticStages(chapter, ['a', 'b'], {
        generation: 0,
        token: 0,
        key: null,
      });
      const titles = await panel.page.locator('.stage h3').allInnerTexts();
      assert.deepEqual(
        titles.map((title) => title.replace(/^\d+\s*/, '')),
        stages.map(({ title }) => title),
      );
      await panel.screenshot(`chapter-${theme}`);
      assert.deepEqual(panel.complaints, []);
    });

  it('offers the Chapter model where another is in use', async () => {
    await open();
    await panel.page.getByRole('button', { name: 'Use the Chapter model' }).click();
    await panel.page.locator('al-chapter-controls').waitFor();
    assert.deepEqual(await panel.calls('selectModel'), [{ model: 'chapter' }]);
  });

  it('hands on what is chosen', async () => {
    await open({ state: { chapter } });
    await panel.page.getByLabel('Similarity').selectOption('additive');
    await panel.page.getByRole('combobox', { name: 'Heads' }).selectOption('2');
    await panel.settled();
    assert.deepEqual(await panel.calls('setChapter'), [{ similarity: 'additive' }, { heads: 2 }]);
  });

  it('asks for the stages again after a change, for the same token', async () => {
    await open({ state: { chapter } });
    await panel.page.locator('.stage').first().waitFor();
    await panel.page.getByLabel('causal mask').check();
    await panel.settled();
    const asked = await panel.calls('stages');
    assert.ok(asked.length >= 2);
    assert.equal(new Set(asked.map(({ token }) => token)).size, 1);
  });

  it('lets the pair be chosen here, by the keyboard alone', async () => {
    await open({ state: { chapter } });
    const key = panel.page.getByLabel('read with the key');
    await key.waitFor();
    assert.equal(await panel.page.locator('.pair').count(), 0);
    await key.focus();
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('ArrowDown');
    await panel.settled();
    assert.equal((await panel.calls('stages')).at(-1)?.key, 1);
    assert.equal(await panel.page.locator('.pair tbody tr').count(), 8);
    await panel.page.getByLabel('Token', { exact: true }).selectOption('5');
    await panel.settled();
    const { token, key: kept } = (await panel.calls('stages')).at(-1) ?? {};
    assert.deepEqual([token, kept], [5, 1]);
    await key.selectOption('');
    await panel.settled();
    assert.equal(await panel.page.locator('.pair').count(), 0);
  });

  it('says why a scale factor is not taken, and takes the next', async () => {
    await open({ state: { chapter } });
    const scale = panel.page.getByLabel('scale factor s');
    for (const text of ['0', '-1', '1e39']) {
      await scale.fill(text);
      await scale.press('Enter');
      await panel.page.getByRole('alert').filter({ hasText: 'above 0, at most 1000' }).waitFor();
    }
    assert.deepEqual(await panel.calls('setChapter'), []);
    await scale.fill('2.5');
    await scale.press('Enter');
    await panel.settled();
    assert.deepEqual(await panel.calls('setChapter'), [{ scale: 2.5 }]);
    assert.equal(await panel.page.getByRole('alert').count(), 0);
  });

  it('tells the settings of a document of numbers and offers no controls for them', async () => {
    await open({ state: { chapter }, numbers: true });
    const entries = panel.page.locator('.entries');
    await entries.getByText('This document says itself').waitFor();
    assert.match(await entries.innerText(), /Similarity scaled dot/);
    assert.equal(await panel.page.locator('al-chapter-controls').count(), 0);
    await panel.screenshot('chapter-numbers');
  });

  it('lists all errata', async () => {
    await open({ saved: { view: 'chapter', page: 'errata' } });
    await panel.page.locator('al-errata li').first().waitFor();
    assert.equal(await panel.page.locator('al-errata li').count(), 13);
    await panel.screenshot('errata');
  });

  it('lists them in Chinese, as the server tells them', async () => {
    const server = await start({ initialize: { locale: 'zh-cn' } });
    const { errata } = await server.request('attentionLens/errata', {});
    await server.stop();
    const file = readFileSync('l10n/bundle.l10n.zh-cn.json', 'utf8');
    const strings = JSON.parse(file) as { [english: string]: string };
    await open(
      { saved: { view: 'chapter', page: 'errata' }, errata, strings },
      { theme: 'light', width: 850, height: 760 },
    );
    const shown = await panel.page.locator('al-errata li dd.right').allInnerTexts();
    assert.deepEqual(
      shown,
      errata.map(({ right }) => right),
    );
    assert.match(shown[4] ?? '', /14\.4519/);
    for (const title of await panel.page.locator('al-errata h3').allInnerTexts())
      assert.match(title, /[\u4e00-\u9fff]/);
    await panel.screenshot('errata-zh-cn');
    keepForDocs('out/screenshots/errata-zh-cn.png', 'errata-zh-cn');
  });
});
