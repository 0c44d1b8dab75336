import { readFileSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { FakeHostOptions } from './fakeHost';
import type { HostSide } from '../../webview/protocol';
import { themes, type TestTheme } from './themes';

const ORIGIN = 'http://panel.test';
const NONCE = 'nonce-of-the-test';
const SCREENSHOTS = resolve('out/screenshots');

/** The project's finder of browsers; it says itself what to do when there is none. */
async function browserPath(): Promise<string> {
  const finder = pathToFileURL(resolve('test/hosts/browser.mjs')).href;
  const { findBrowser } = (await import(finder)) as { findBrowser: () => Promise<string> };
  return findBrowser();
}

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await browserPath(), args: ['--no-sandbox'] });
}

/** The panel as it ships, and the made-up host: both as the last build left them. */
const PANEL = 'dist/panel.js';
const FAKE_HOST = 'out/test/webview/fakeHost.js';

function html(theme: TestTheme): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${NONCE}'`,
    `style-src ${ORIGIN}`,
    `font-src ${ORIGIN}`,
    `img-src ${ORIGIN} data:`,
  ].join('; ');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Attention</title>
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <link rel="stylesheet" id="vscode-codicon-stylesheet" href="/codicon.css">
    <link rel="stylesheet" href="/theme.css"></head>
    <body class="${theme.bodyClass}"><attention-lens-panel></attention-lens-panel>
    <script nonce="${NONCE}" src="/fake-host.js"></script>
    <script nonce="${NONCE}" src="/panel.js"></script></body></html>`;
}

function css({ variables }: TestTheme): string {
  const lines = Object.entries(variables).map(([name, value]) => `--vscode-${name}: ${value};`);
  return `html { ${lines.join('\n')} }
    body { padding: 0 20px; background: var(--vscode-editor-background);
      color: var(--vscode-editor-foreground); font-family: var(--vscode-font-family); }`;
}

export interface PageOptions {
  theme?: keyof typeof themes;
  width?: number;
  height?: number;
  ratio?: number;
  host?: FakeHostOptions;
}

export interface PanelPage {
  page: Page;
  /** What the page complained of: scripts' errors and refusals of its content policy. */
  complaints: string[];
  /** Parameters of the host's requests of one kind, in order. */
  calls<M extends keyof HostSide['methods']>(
    method: M,
  ): Promise<HostSide['methods'][M]['params'][]>;
  /** Waits until every request is answered and two frames have been drawn. */
  settled(): Promise<void>;
  screenshot(name: string): Promise<void>;
  setTheme(name: keyof typeof themes): Promise<void>;
  close(): Promise<void>;
}

/** The built panel in a page with VS Code's content policy and a made-up extension host. */
export async function openPanel(browser: Browser, options: PageOptions = {}): Promise<PanelPage> {
  const { theme = 'dark', width = 1200, height = 800, ratio = 1, host = {} } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: ratio,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const files: { [path: string]: { contentType: string; body: string | Buffer } } = {
    '/': { contentType: 'text/html', body: html(themes[theme]) },
    '/theme.css': { contentType: 'text/css', body: css(themes[theme]) },
    '/fake-host.js': { contentType: 'text/javascript', body: readFileSync(FAKE_HOST) },
    '/panel.js': { contentType: 'text/javascript', body: readFileSync(PANEL) },
    '/codicon.css': {
      contentType: 'text/css',
      body: readFileSync('node_modules/@vscode/codicons/dist/codicon.css'),
    },
    '/codicon.ttf': {
      contentType: 'font/ttf',
      body: readFileSync('node_modules/@vscode/codicons/dist/codicon.ttf'),
    },
  };
  await page.route(`${ORIGIN}/**`, (route) => {
    const file = files[new URL(route.request().url()).pathname];
    return file ? route.fulfill(file) : route.fulfill({ status: 404, body: '' });
  });
  await page.addInitScript((given) => {
    window.fakeHostOptions = given;
  }, host);
  await page.goto(`${ORIGIN}/`);
  await page.evaluate(() => document.fonts.ready);
  const result: PanelPage = {
    page,
    complaints,
    calls: (method) =>
      page.evaluate(
        (wanted) =>
          window.fakeHost.calls.filter((call) => call.method === wanted).map((call) => call.params),
        method,
      ) as Promise<never>,
    settled: () => page.evaluate(settledInPage),
    async screenshot(name) {
      mkdirSync(SCREENSHOTS, { recursive: true });
      await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
    },
    async setTheme(name) {
      const { bodyClass, variables } = themes[name];
      await page.evaluate(
        ([nextClass, values]) => {
          for (const [key, value] of Object.entries(values))
            document.documentElement.style.setProperty(`--vscode-${key}`, value);
          document.body.className = nextClass;
        },
        [bodyClass, variables] as const,
      );
    },
    close: () => context.close(),
  };
  await result.settled();
  return result;
}

/** Runs in the page: quiet means that ten frames brought no request and none is open. */
async function settledInPage(): Promise<void> {
  let quiet = 0;
  let seen = -1;
  while (quiet < 10) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const { answered, calls } = window.fakeHost;
    const same = calls.length === seen && answered === calls.length;
    quiet = same ? quiet + 1 : 0;
    seen = calls.length;
  }
}
