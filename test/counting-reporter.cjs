// A mocha reporter for a whole layer: silent about what passes, full about what fails.
// Writes its counts to the file named by COUNTS_FILE; the runner adds them up.
const fs = require('node:fs');
const Mocha = require('mocha');

const { EVENT_RUN_END, EVENT_SUITE_END, EVENT_TEST_FAIL } = Mocha.Runner.constants;

class CountingReporter extends Mocha.reporters.Base {
  constructor(runner, options) {
    super(runner, options);
    runner.on(EVENT_TEST_FAIL, (test) => console.log(`  ✗ ${test.fullTitle()}`));
    runner.on(EVENT_SUITE_END, (suite) => {
      if (suite.parent?.root) console.log(`  ${suite.title}: ${countOf(suite)}`);
    });
    runner.once(EVENT_RUN_END, () => {
      if (this.failures.length > 0) Mocha.reporters.Base.list(this.failures);
      const { passes, failures, pending } = this.stats;
      const counts = { passed: passes, failed: failures, skipped: pending };
      if (process.env.COUNTS_FILE)
        fs.writeFileSync(process.env.COUNTS_FILE, JSON.stringify(counts));
    });
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
