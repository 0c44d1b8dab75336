/**
 * What the panel's page costs with 512 tokens and 72 heads, and one map with up to 2,048 tokens, in
 * main-thread time against one frame of a 60-Hz screen. A redraw shall take one frame, with 2,048
 * tokens two.
 */
import { launchBrowser, openPanel } from '../../webview/panelPage';
import { mapCosts } from './map';
import { Meter } from './meter';

const FRAME_MS = 1000 / 60;
const MOVES = 60;
const MORE_HEADS = 7;

const line = (name: string, ms: number): void =>
  console.log(
    `${name.padEnd(46)}${ms.toFixed(1).padStart(8)} ms ${(ms / FRAME_MS).toFixed(2).padStart(8)} frames`,
  );

const browser = await launchBrowser();
const panel = await openPanel(browser, { host: { tokens: 512 } });
const meter = await Meter.of(panel);
const costOf = (work: () => Promise<unknown>): Promise<number> => meter.costOf(work);

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

await panel.page.getByRole('combobox', { name: 'threshold' }).selectOption('0.9');
await panel.settled();
const fading = await costOf(() =>
  panel.page.getByRole('combobox', { name: 'threshold' }).selectOption('0.5'),
);

/** Eight heads of a layer, as lines. */
const lines = await costOf(() => panel.page.getByRole('radio', { name: 'Lines' }).click());
for (let step = 0; step < MORE_HEADS; step++)
  await panel.page.getByRole('checkbox', { name: `head ${(3 + step) % 12}`, exact: true }).click();
await panel.settled();
const scroller = panel.page.locator('al-lines-canvas .scroller');
const area = await scroller.boundingBox();
if (!area) throw new Error('The lines are not on screen.');
const tokenAt = (step: number): [number, number] => [
  area.x + area.width / 2 - 260,
  area.y + 20 + (area.height - 40) * (step / MOVES),
];
await panel.page.mouse.move(...tokenAt(0));
await panel.settled();
const isolating = await costOf(async () => {
  for (let step = 1; step <= MOVES; step++) await panel.page.mouse.move(...tokenAt(step));
});
await panel.page.mouse.move(area.x + area.width / 2, area.y + 40);
await panel.settled();
const scrolling = await costOf(async () => {
  for (let step = 1; step <= MOVES; step++) await panel.page.mouse.wheel(0, 40);
});
await scroller.focus();
await panel.page.keyboard.press('0');
await panel.settled();
await panel.page.keyboard.press('+');
await panel.settled();
const allTokens = await costOf(() => panel.page.keyboard.press('0'));
const most = panel.page.getByRole('slider', { name: 'strongest' });
await most.focus();
const moreLines = await costOf(() => panel.page.keyboard.press('End'));

const text = await costOf(() => panel.page.getByRole('radio', { name: 'Text' }).click());
const words = await panel.page.locator('al-text-surface span[data-tokens]').evaluateAll((spans) =>
  spans.slice(20).map((span) => {
    const { x, y, width, height } = span.getBoundingClientRect();
    return [x + width / 2, y + height / 2] as const;
  }),
);
await panel.page.mouse.move(...words[0]!);
await panel.settled();
const shading = await costOf(async () => {
  for (let step = 1; step <= MOVES; step++) await panel.page.mouse.move(...words[step]!);
});
const maps = [...(await mapCosts(browser, 512)), ...(await mapCosts(browser, 2048))];
await browser.close();

line('pointing at another cell of the map', pointing / MOVES);
line('showing all 72 heads large', overview);
line('showing one head again', head);
line('another threshold', fading);
line('showing the lines of one head', lines);
line('isolating another token, 8 heads', isolating / MOVES);
line('scrolling the lines, 8 heads', scrolling / MOVES);
line('all 512 tokens at once, 8 heads', allTokens);
line('2,000 lines between 512 tokens, 8 heads', moreLines);
line('showing the text', text);
line('shading by another token', shading / MOVES);
for (const { name, ms } of maps) line(name, ms);
