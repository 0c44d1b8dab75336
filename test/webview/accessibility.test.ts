/** What axe (Deque) finds wrong with the panel's page for those who use it without eyes or without a mouse. */
import assert from 'node:assert/strict';
import { source as axeSource, type AxeResults, type RunOptions } from 'axe-core';
import { readChapterSettings } from '../../server/chapter/settings';
import { INITIAL_SELECTION } from '../../server/protocol';
import { PANEL_VIEWS, type PanelView } from '../../webview/protocol';
import type { FakeHostOptions } from './fakeHost';
import type { PanelPage } from './panelPage';
import { panelSuite } from './panelSuite';

declare global {
  interface Window {
    axe: { run(options: RunOptions): Promise<AxeResults> };
  }
}

const selection = { ...INITIAL_SELECTION, layer: 2, head: 2 };

/** States of the host in which a view has something to show. */
const subjects: { readonly [view in PanelView]?: FakeHostOptions['state'] } = {
  explain: { selection: { ...INITIAL_SELECTION, layer: 0, head: 2 } },
  laboratory: { selection: { ...selection, encoding: { mode: 'off' } } },
  chapter: { chapter: readChapterSettings({}) },
};

const conditions: { readonly [name: string]: FakeHostOptions['state'] } = {
  'nothing is open': { document: null },
  'the model is loaded': { status: null },
  'the text is read': { progress: 0.4 },
  'the picture is old': { stale: true },
  'the engine is down': {
    problem: { message: 'The attention engine stopped twice.', action: 'restart' },
  },
};

async function violations({ page }: PanelPage, options: RunOptions = {}): Promise<string[]> {
  const found = await page.evaluate(
    async (given) => (await window.axe.run(given)).violations,
    options,
  );
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id}: ${help}\n  ${target.flat().join(' ')}\n  ${failureSummary?.replaceAll('\n', ' ')}`,
    ),
  );
}

panelSuite('the panel, as axe sees it,', (suite) => {
  /** Everything in one theme; in the others what a theme can change. */
  async function hasNothingWrong(panel: PanelPage): Promise<void> {
    await panel.page.evaluate(axeSource);
    assert.deepEqual(await violations(panel), []);
    for (const theme of ['light', 'high-contrast', 'high-contrast-light'] as const) {
      await panel.setTheme(theme);
      await panel.settled();
      assert.deepEqual(await violations(panel, { runOnly: ['color-contrast'] }), [], theme);
    }
  }

  for (const view of PANEL_VIEWS)
    it(`has nothing wrong in the view “${view}”`, async () => {
      const state = subjects[view] ?? { selection };
      const panel = await suite.open({ host: { tokens: 40, saved: { view }, state } });
      await panel.page.evaluate(() => window.fakeHost.moveCursor(7));
      await panel.settled();
      await hasNothingWrong(panel);
    });

  for (const [name, state] of Object.entries(conditions))
    it(`has nothing wrong while ${name}`, async () => {
      await hasNothingWrong(await suite.open({ host: { tokens: 40, state } }));
    });

  it('has nothing wrong where it is narrow', async () => {
    const saved = { view: 'lines' };
    const panel = await suite.open({ width: 300, height: 900, host: { tokens: 40, saved } });
    await panel.page.evaluate(() => window.fakeHost.moveCursor(7));
    await panel.settled();
    await hasNothingWrong(panel);
  });
});
