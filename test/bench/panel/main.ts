/**
 * What the panel's page costs with 512 tokens and 72 heads, in main-thread time against one
 * frame of a 60-Hz screen. Main-thread time, because what else the machine does hardly changes it.
 */
import type { CDPSession } from 'playwright-core';
import { launchBrowser, openPanel } from '../../webview/panelPage';

const FRAME_MS = 1000 / 60;
const MOVES = 60;

async function taskMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
}

const line = (name: string, ms: number): void =>
  console.log(
    `${name.padEnd(46)}${ms.toFixed(1).padStart(8)} ms ${(ms / FRAME_MS).toFixed(2).padStart(8)} frames`,
  );

const browser = await launchBrowser();
const panel = await openPanel(browser);
const session = await panel.page.context().newCDPSession(panel.page);
await session.send('Performance.enable');
const costOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = await taskMs(session);
  await work();
  await panel.settled();
  return (await taskMs(session)) - before;
};

const box = await panel.page.locator('al-attention-map .surface').boundingBox();
if (!box) throw new Error('The map is not on screen.');
const at = (step: number): [number, number] => [
  box.x + box.width * (0.2 + (0.4 * step) / MOVES),
  box.y + box.height * (0.2 + (0.3 * step) / MOVES),
];
await panel.page.mouse.move(...at(0));
await panel.settled();
const pointing = await costOf(async () => {
  for (let step = 1; step <= MOVES; step++) await panel.page.mouse.move(...at(step));
});
const overview = await costOf(() => panel.page.getByRole('radio', { name: 'Overview' }).click());
const head = await costOf(() => panel.page.getByRole('radio', { name: 'Head' }).click());
await browser.close();

line('pointing at another cell of the map', pointing / MOVES);
line('showing all 72 heads large', overview);
line('showing one head again', head);
