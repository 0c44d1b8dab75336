// Runs a test module inside an extension host and brings its output and result out.
//
// The workbench calls two functions that the page must have: one for each line
// that the extension host logs, one with the exit code. The module prints what is
// meant for people behind a mark, because the workbench's own lines come the same way.
import { format } from 'node:util';

/** What the reporter of test/host/ puts before its lines. */
const mark = '[suite] ';

/** VS Code looks for native modules that are not there, at length and without harm. */
const noise = /bindings file|^ → |^Require stack|^- \/|native-watchdog|Release\/watchdog/;

/** A dead extension host never answers; a whole suite takes well below this. */
const suiteTimeoutMs = 300_000;

/**
 * @typedef {object} SuiteResult
 * @property {number} code 0 when every test passed
 * @property {string[]} lines what the reporter printed
 * @property {string[]} other the last lines of everything else, for when something went wrong
 */

/**
 * Opens an address whose payload names the tests, and waits for their end.
 * @param {import('playwright-core').Browser} browser
 * @param {string} address
 * @param {(line: string) => void} [onLine]
 * @returns {Promise<SuiteResult>}
 */
export async function runSuite(browser, address, onLine = () => {}) {
  const page = await browser.newPage();
  /** @type {string[]} */
  const lines = [];
  /** @type {string[]} */
  const other = [];
  const log = (/** @type {string} */ text) => {
    for (const line of text.split('\n')) {
      if (line.startsWith(mark)) {
        lines.push(line.slice(mark.length));
        onLine(line.slice(mark.length));
      } else if (line.trim() && !noise.test(line)) {
        other.push(line);
        if (other.length > 200) other.shift();
      }
    }
  };
  page.on('console', (message) => message.type() === 'error' && log(`console: ${message.text()}`));
  page.on('pageerror', (error) => log(`page: ${error.message}`));
  try {
    await page.exposeFunction(
      'codeAutomationLog',
      (/** @type {string} */ _type, /** @type {unknown[]} */ parameters) =>
        log(format(...parameters)),
    );
    /** @type {Promise<number>} */
    const finished = new Promise((resolve) => {
      void page
        .exposeFunction('codeAutomationExit', resolve)
        .then(() => page.goto(address, { waitUntil: 'commit' }));
    });
    const code = await withTimeout(finished);
    return { code, lines, other };
  } finally {
    await page.close();
  }
}

/**
 * @param {Promise<number>} finished
 * @returns {Promise<number>} 124, as of the timeout command, when nothing came
 */
async function withTimeout(finished) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  /** @type {Promise<number>} */
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve(124), suiteTimeoutMs);
  });
  try {
    return await Promise.race([finished, late]);
  } finally {
    clearTimeout(timer);
  }
}
