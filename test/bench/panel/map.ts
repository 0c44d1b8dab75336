/** What it costs to work with one head's map, by how many tokens it has. */
import type { Browser } from 'playwright-core';
import { openPanel } from '../../webview/panelPage';
import { Meter } from './meter';

const MOVES = 40;
const ZOOMS = 6;

export interface Cost {
  name: string;
  /** Main-thread milliseconds for each event, what the made-up host computes included. */
  ms: number;
}

/** Costs of what a pointer and keys do on the map. Statistics and thumbnails of 72 heads are left out. */
export async function mapCosts(browser: Browser, tokens: number): Promise<Cost[]> {
  const panel = await openPanel(browser, {
    host: { tokens, held: ['overview', 'statistics'], saved: { view: 'head' } },
  });
  const { page } = panel;
  const meter = await Meter.of(panel);
  const surface = page.locator('al-attention-map .surface');
  const box = await surface.boundingBox();
  if (!box) throw new Error('The map is not on screen.');
  const at = (step: number): [number, number] => [
    box.x + box.width * (0.2 + (0.4 * step) / MOVES),
    box.y + box.height * (0.2 + (0.3 * step) / MOVES),
  ];
  await page.mouse.move(...at(0));
  await panel.settled();
  const each = async (name: string, times: number, event: (step: number) => Promise<unknown>) => {
    const ms = await meter.costOf(async () => {
      for (let step = 1; step <= times; step++) await event(step);
    });
    return { name: `${name}, ${tokens} tokens`, ms: ms / times };
  };
  const costs = [
    await each('pointing at another cell', MOVES, (step) => page.mouse.move(...at(step))),
  ];
  await surface.focus();
  const press = (key: string) => () => page.keyboard.press(key);
  costs.push(await each('another cell by arrow key', MOVES, press('ArrowDown')));
  // By its place: to find it by its name takes the page longer than to draw.
  const log = await page.getByRole('button', { name: 'log' }).boundingBox();
  if (!log) throw new Error('The toolbar is not on screen.');
  const toggle = () => page.mouse.click(log.x + log.width / 2, log.y + log.height / 2);
  costs.push(await each('linear or log', 8, toggle));
  await surface.focus();
  costs.push(await each('zooming in', ZOOMS, press('+')));
  costs.push(
    await each('panning', MOVES, async (step) => {
      if (step === 1) await page.mouse.down();
      await page.mouse.move(...at(MOVES - step));
      if (step === MOVES) await page.mouse.up();
    }),
  );
  await panel.close();
  return costs;
}
