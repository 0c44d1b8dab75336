import assert from 'node:assert/strict';
import { PANEL_VIEWS } from '../../webview/protocol';
import { VIEW_HELP } from '../../webview/help/viewHelp';
import { panelSuite } from './panelSuite';

panelSuite('the help of a view', (suite) => {
  const dialog = () => suite.panel.page.locator('al-help dialog');
  const radios = () => suite.panel.page.locator('al-toolbar [role=radio]');

  it('says what it shows and how it misleads, in every view', async () => {
    const panel = await suite.open({ host: { tokens: 40 } });
    const { page, complaints } = panel;
    for (const [at, view] of PANEL_VIEWS.entries()) {
      await page.keyboard.press(String(at + 1));
      await panel.settled();
      assert.equal(await radios().nth(at).getAttribute('aria-checked'), 'true');
      await page.getByRole('button', { name: 'how does it mislead' }).click();
      await dialog().waitFor();
      const text = await dialog().innerText();
      const { shows, misleads, paper } = VIEW_HELP[view];
      for (const sentence of [shows, ...misleads, paper]) assert.ok(text.includes(sentence), view);
      if (view === 'head') await panel.screenshot('help');
      await page.keyboard.press('Escape');
      await dialog().waitFor({ state: 'hidden' });
    }
    assert.deepEqual(complaints, []);
  });

  it('opens and closes by its key, but not while a field is written in', async () => {
    const panel = await suite.open({ host: { tokens: 40 } });
    const { page } = panel;
    await page.locator('al-attention-map .surface').focus();
    await page.keyboard.press('?');
    assert.ok(await dialog().isVisible());
    assert.match(await dialog().innerText(), /explain the chosen weight/);
    await page.keyboard.press('?');
    assert.ok(!(await dialog().isVisible()));
    await page.keyboard.press('/');
    await page.keyboard.type('a?2');
    await panel.settled();
    assert.ok(!(await dialog().isVisible()));
    assert.equal(await page.locator('al-head-view').count(), 1);
  });

  it('fits a narrow panel', async () => {
    const panel = await suite.open({ width: 300, height: 700 });
    const { page } = panel;
    await page.keyboard.press('?');
    await panel.screenshot('help-narrow');
    const box = await dialog().boundingBox();
    assert.ok(box && box.x >= 0 && box.x + box.width <= 300 && box.y + box.height <= 700);
  });
});
