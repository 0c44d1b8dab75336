/** Finding heads by their statistics, in the overview, the rail and beside a head. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser, openPanel, type PageOptions, type PanelPage } from './panelPage';
import { themes } from './themes';
import { INITIAL_SELECTION } from '../../server/protocol';

const TIMEOUT_MS = 60_000;

describe('finding heads', function () {
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

  const open = async (options: PageOptions = {}): Promise<PanelPage> => {
    panel = await openPanel(browser, { ...options, host: { tokens: 122, ...options.host } });
    return panel;
  };
  const bar = () => panel.page.locator('al-finder-bar');
  const options = () => panel.page.locator('al-overview-view [role=option]');
  const names = () =>
    options().evaluateAll((all) => all.map((each) => each.getAttribute('aria-label') ?? ''));
  const find = async (statistic: string): Promise<void> => {
    await bar().getByRole('combobox', { name: 'Find heads' }).selectOption(statistic);
    await panel.settled();
  };
  const inOverview = { saved: { view: 'overview' } };

  for (const theme of Object.keys(themes) as (keyof typeof themes)[])
    it(`shows the heads found in the ${theme} theme`, async () => {
      await open({ theme, host: inOverview });
      await find('previousToken');
      await panel.screenshot(`find-heads-${theme}`);
      assert.equal(await options().count(), 12);
      await bar().getByRole('button', { name: 'by layer' }).click();
      await panel.settled();
      await panel.screenshot(`find-heads-by-layer-${theme}`);
      assert.equal(await options().count(), 79);
      assert.equal(await panel.page.locator('al-overview-view .faded').count(), 66);
      assert.deepEqual(panel.complaints, []);
    });

  it('asks for statistics when they are wanted, and after the pictures', async () => {
    const selection = { ...INITIAL_SELECTION, layer: 1 };
    await open({ host: { ...inOverview, state: { selection } } });
    assert.deepEqual(await panel.calls('statistics'), []);
    await panel.page.evaluate(() => {
      window.fakeHost.hold('overview');
      window.fakeHost.update({ generation: 2 });
    });
    await bar().getByRole('combobox', { name: 'Find heads' }).selectOption('self');
    assert.deepEqual(await panel.calls('statistics'), []);
    await panel.page.evaluate(() => window.fakeHost.release());
    await panel.settled();
    assert.equal((await panel.calls('statistics')).length, 1);
    await find('entropy');
    assert.equal((await panel.calls('statistics')).length, 1);
  });

  it('orders heads by their score, both ways, and as many as are wanted', async () => {
    await open({ host: inOverview });
    await find('previousToken');
    const scores = async (): Promise<number[]> =>
      (await names()).map((name) => Number(/(\d+\.\d)\s%/.exec(name)?.[1]));
    const highest = await scores();
    assert.deepEqual(
      highest,
      highest.toSorted((one, other) => other - one),
    );
    await bar().getByRole('button', { name: 'lowest first' }).click();
    await panel.settled();
    const lowest = await scores();
    assert.deepEqual(
      lowest,
      lowest.toSorted((one, other) => one - other),
    );
    assert.ok(lowest[0]! < highest.at(-1)!);
    await bar().getByRole('combobox', { name: 'show' }).selectOption({ label: 'all heads' });
    await panel.settled();
    assert.equal(await options().count(), 72);
  });

  it('says what a score means, what chance would give, and on how little it rests', async () => {
    await open({ host: { ...inOverview, tokens: 12 } });
    await find('previousToken');
    const text = async (): Promise<string> => (await bar().locator('p').textContent()) ?? '';
    assert.match(await text(), /the one before it/);
    assert.match(await text(), /Evenly spread attention would have 8\.3/);
    assert.match(await text(), /rests on 10 tokens only/);
    await find('matchingBracket');
    assert.match(await text(), /Not to be seen on this text: there is no pair of brackets/);
    assert.equal(await options().count(), 15 + 64);
  });

  it('opens the head that is chosen, by mouse and by keyboard', async () => {
    await open({ host: inOverview });
    await find('previousToken');
    const [first = '', second = ''] = await names();
    const headOf = (name: string): string[] | undefined =>
      /layer (\d+), head (\d+)/.exec(name)?.slice(1);
    await panel.page.locator('al-overview-view [role=listbox]').focus();
    await panel.page.keyboard.press('Home');
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press('Enter');
    await panel.settled();
    const { layer, head } = (await panel.calls('setSelection')).at(-1)!;
    assert.deepEqual([String(layer), String(head)], headOf(second));
    assert.equal(await panel.page.locator('al-head-view').count(), 1);
    await panel.page.getByRole('radio', { name: 'Overview' }).click();
    await options().first().click();
    await panel.settled();
    const chosen = (await panel.calls('setSelection')).at(-1)!;
    assert.deepEqual([String(chosen.layer), String(chosen.head)], headOf(first));
  });

  it('is a click away from the rail and from the numbers of a head', async () => {
    await open();
    await panel.page.locator('nav').getByRole('button', { name: 'Find heads' }).click();
    await panel.settled();
    assert.equal(await options().count(), 12);
    await options().first().click();
    await panel.settled();
    const numbers = panel.page.locator('al-head-numbers');
    assert.match(
      (await numbers.locator('h3').textContent()) ?? '',
      /layer \d, head \d+ on this text/,
    );
    await panel.screenshot('head-numbers');
    await numbers.getByRole('button', { name: /^Entropy/ }).click();
    await panel.settled();
    assert.match((await names())[0] ?? '', /Entropy: \d/);
  });

  it('opens when a command wants it, and remembers by what', async () => {
    await open({
      host: { saved: { view: 'head', finder: { statistic: 'self', order: 'lowest', top: 6 } } },
    });
    await panel.page.evaluate(() => window.fakeHost.show({ view: 'overview', findHeads: true }));
    await panel.settled();
    assert.equal(await options().count(), 6);
    assert.match((await names())[0] ?? '', /Itself/);
  });

  it('says why the statistics cannot be had', async () => {
    await open({ host: { ...inOverview, refused: { statistics: 'The engine has no time.' } } });
    await find('self');
    assert.match((await bar().getByRole('alert').textContent()) ?? '', /has no time/);
    assert.equal(await options().count(), 79);
  });

  it('fits into a narrow panel', async () => {
    await open({ width: 340, height: 800, host: inOverview });
    await find('sinkShare');
    await panel.screenshot('find-heads-narrow');
    const overflow = await panel.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.ok(overflow <= 0);
  });
});
