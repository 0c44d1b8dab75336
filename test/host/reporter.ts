/** Reports a suite that runs inside an extension host, line by line, to whoever started the host. */

/** Everything meant for people is behind this mark: VS Code's own lines come the same way. */
const mark = '[suite] ';

interface ReportedTest {
  title: string;
  fullTitle(): string;
}

interface Reported {
  on(event: 'suite', listener: (suite: { title: string; parent?: unknown }) => void): void;
  on(event: 'pass' | 'pending', listener: (test: ReportedTest) => void): void;
  on(event: 'fail', listener: (test: ReportedTest, error: Error) => void): void;
  once(event: 'end', listener: () => void): void;
}

/** A mocha reporter for Node and web workers; the last line holds the counts as JSON. */
export class HostReporter {
  constructor(runner: Reported) {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    runner.on('suite', (suite) => suite.title && print(suite.title));
    runner.on('pass', (test) => {
      counts.passed += 1;
      print(`  ✓ ${test.title}`);
    });
    runner.on('pending', (test) => {
      counts.skipped += 1;
      print(`  - ${test.title}`);
    });
    runner.on('fail', (test, error) => {
      counts.failed += 1;
      print(`  ✗ ${test.fullTitle()}`);
      for (const line of (error.stack ?? String(error)).split('\n')) print(`      ${line}`);
    });
    runner.once('end', () => print(`counts ${JSON.stringify(counts)}`));
  }
}

function print(text: string): void {
  console.log(mark + text);
}
