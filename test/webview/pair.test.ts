import assert from 'node:assert/strict';
import { panelSuite } from './panelSuite';

const SOURCE = 'file:///texts/source.txt';

panelSuite('two texts in the panel', (suite) => {
  const open = (pair?: { source?: string }) =>
    suite.open({ host: { tokens: 40, saved: { view: 'pair' }, ...(pair && { pair }) } });
  const sentence = (): Promise<string> => suite.panel.page.locator('footer p').innerText();

  it('shows what a text reads of its source, by pointer and by keys', async () => {
    const { page } = await open({ source: SOURCE });
    assert.match(
      await sentence(),
      /^lighthouse\.md: cross-attention from this text, down, to source\.txt/,
    );
    const map = page.locator('al-pair-map canvas');
    await map.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await suite.panel.settled();
    const status = page.locator('al-pair-view footer [role=status]');
    assert.match(await status.innerText(), /^<pad> reads lit: \d+\.\d\s%$/);
    assert.match(
      await page.locator('al-pair-view footer').innerText(),
      /the source: window 1 of 3/,
    );
    await suite.panel.screenshot('pair');
    await page.getByLabel('Layer of the decoder').selectOption('2');
    await suite.panel.settled();
    const calls = await page.evaluate(() =>
      window.fakeHost.calls.filter(({ method }) => method === 'pair').map(({ params }) => params),
    );
    assert.equal((calls.at(-1) as { layer: number }).layer, 2);
    assert.deepEqual(suite.panel.complaints, []);
  });

  it('says what to do where no source is set, and offers it only with a decoder', async () => {
    const { page } = await open({});
    assert.equal(await sentence(), 'No source text is set.');
    await page.getByRole('button', { name: 'Set source text …' }).click();
    // The question reaches the host in a message.
    await suite.panel.settled();
    const asked = await page.evaluate(() =>
      window.fakeHost.calls.some(({ method }) => method === 'setSourceText'),
    );
    assert.ok(asked);
    await open();
    assert.equal(await suite.panel.page.getByRole('radio', { name: 'Two texts' }).count(), 0);
    assert.match(
      await suite.panel.page.locator('al-pair-view p').innerText(),
      /This model reads one text/,
    );
  });
});
