// A mocha reporter for a whole layer: silent about what passes, full about what fails.
// Keeps its counts in the file named by COUNTS_FILE, from the first test on, so that
// the runner knows them even when the process dies.
const fs = require('node:fs');
const Mocha = require('mocha');

const { EVENT_RUN_END, EVENT_SUITE_END, EVENT_TEST_BEGIN, EVENT_TEST_FAIL } =
  Mocha.Runner.constants;

class CountingReporter extends Mocha.reporters.Base {
  constructor(runner, options) {
    super(runner, options);
    runner.on(EVENT_TEST_BEGIN, (test) => this.#save(test.fullTitle()));
    runner.on(EVENT_TEST_FAIL, (test) => console.log(`  ✗ ${test.fullTitle()}`));
    runner.on(EVENT_SUITE_END, (suite) => {
      if (suite.parent?.root) console.log(`  ${suite.title}: ${countOf(suite)}`);
    });
    runner.once(EVENT_RUN_END, () => {
      if (this.failures.length > 0) Mocha.reporters.Base.list(this.failures);
      this.#save(null);
    });
  }

  /** @param {string | null} running the test that runs; null when all have */
  #save(running) {
    const { passes, failures, pending } = this.stats;
    const counts = { passed: passes, failed: failures, skipped: pending };
    const { COUNTS_FILE } = process.env;
    if (COUNTS_FILE) fs.writeFileSync(COUNTS_FILE, JSON.stringify({ counts, running }));
  }
}

function countOf(suite) {
  let passed = 0;
  let total = 0;
  suite.eachTest((test) => {
    total += 1;
    if (test.isPassed()) passed += 1;
  });
  return passed === total ? `${total} passed` : `${passed} of ${total} passed`;
}

module.exports = CountingReporter;
