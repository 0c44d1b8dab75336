import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import { PARITY_TOLERANCE } from '../../server/engine/backends/parity';

/** Of the product and its model; the page alone asks. */
const server = createServer((request, response) => {
  const path = request.url ?? '/';
  if (path === '/') {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>gpu</title><script src="/out/gpu/page.js"></script>');
    return;
  }
  readFile(resolve(`.${path}`)).then(
    (bytes) => response.end(bytes),
    () => response.writeHead(404).end(),
  );
});
await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
const { port } = server.address() as AddressInfo;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH,
  args: [
    '--no-sandbox',
    '--enable-unsafe-webgpu',
    '--use-webgpu-adapter=swiftshader',
    '--enable-features=Vulkan',
  ],
});
try {
  const page = await browser.newPage();
  page.on('console', (message) => console.log(message.text()));
  await page.goto(`http://localhost:${port}/`);
  const difference = await page.evaluate(() =>
    (globalThis as unknown as { gpuResult(): Promise<number> }).gpuResult(),
  );
  console.log(
    `browser: weights differ from WebAssembly's by ${difference.toExponential(1)} at most`,
  );
  process.exitCode = difference <= PARITY_TOLERANCE ? 0 : 1;
} catch (error) {
  console.error('browser: not tested,', error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await browser.close();
  server.close();
}
