// Draws media/icon.png, which the Marketplace wants, from media/icon.svg.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser } from '../test/hosts/page.mjs';
import { root } from '../test/hosts/places.mjs';

/** Twice what the Marketplace asks for, for sharp screens. */
const sidePixels = 256;

const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: { width: sidePixels, height: sidePixels } });
  const svg = readFileSync(join(root, 'media/icon.svg')).toString('base64');
  await page.setContent(
    `<style>body { margin: 0 } img { display: block; width: ${sidePixels}px }</style>` +
      `<img src="data:image/svg+xml;base64,${svg}">`,
  );
  await page
    .locator('img')
    .screenshot({ path: join(root, 'media/icon.png'), omitBackground: true });
} finally {
  await browser.close();
}
