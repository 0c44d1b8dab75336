/** From opening a page to its first picture in the same Chromium: those of others, then our panel. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchBrowser, openPanel } from '../webview/panelPage';
import type { Browser } from 'playwright-core';

const ROUNDS = 3;
const PATIENCE_MS = 120_000;
/** Visible once something is drawn. */
const PICTURE = 'svg line, svg path, svg rect, canvas';

/** What BertViz's pages fetch from a public server, from npm, so that the network is not measured. */
const SCRIPTS: [name: RegExp, source: string, file: string][] = [
  [/require\.js/, 'requirejs@2.3.6', 'package/require.js'],
  [/\/d3\//, 'd3@5.7.0', 'package/dist/d3.min.js'],
  [/\/jquery\//, 'jquery@2.1.4', 'package/dist/jquery.min.js'],
];

function fetchScripts(): { name: RegExp; body: string }[] {
  const folder = mkdtempSync(join(tmpdir(), 'attention-lens-scripts-'));
  return SCRIPTS.map(([name, source, file]) => {
    const packed = execFileSync('npm', ['pack', '--silent', source], {
      cwd: folder,
      encoding: 'utf8',
    });
    execFileSync('tar', ['-xzf', packed.trim()], { cwd: folder });
    return { name, body: readFileSync(join(folder, file), 'utf8') };
  });
}

async function paintOf(
  browser: Browser,
  file: string,
  scripts: ReturnType<typeof fetchScripts>,
): Promise<number> {
  const page = await browser.newPage();
  await page.route(/^https?:/, (route) => {
    const script = scripts.find(({ name }) => name.test(route.request().url()));
    return script
      ? route.fulfill({ body: script.body, contentType: 'text/javascript' })
      : route.abort();
  });
  const start = performance.now();
  await page.goto(pathToFileURL(file).href, { timeout: PATIENCE_MS });
  await page.locator(PICTURE).first().waitFor({ state: 'attached', timeout: PATIENCE_MS });
  await page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
  const ms = performance.now() - start;
  await page.close();
  return ms;
}

async function fastest(work: () => Promise<number>): Promise<string> {
  let best = Infinity;
  try {
    for (let round = 0; round < ROUNDS; round++) best = Math.min(best, await work());
    return `${best.toFixed(0)} ms`;
  } catch (error) {
    return `nothing (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`;
  }
}

const [, , folder = '.'] = process.argv;
const scripts = fetchScripts();
const browser = await launchBrowser();
const size = (name: string): number => Number(/\d+/.exec(name)?.[0] ?? 0);
for (const name of readdirSync(folder).sort((a, b) => size(a) - size(b)))
  console.log(
    `load to paint, ${name}: ${await fastest(() => paintOf(browser, join(folder, name), scripts))}`,
  );
console.log(
  `load to paint, our panel with 512 tokens and 72 heads: ${await fastest(async () => {
    const start = performance.now();
    const panel = await openPanel(browser);
    await panel.settled();
    const ms = performance.now() - start;
    await panel.page.close();
    return ms;
  })}`,
);
await browser.close();
process.exit(0);
