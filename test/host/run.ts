/** Runs the suite inside an extension host: in Node (VS Code's server, the desktop) or in a web worker. */
import Mocha from 'mocha';
import { HostReporter } from './reporter';

/** A cold start of the model on a busy machine fits in; a hang does not last. */
const testTimeoutMs = 60_000;

/** Called by VS Code. Resolves when every test passed, rejects otherwise. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: testTimeoutMs });
  mocha.reporter(HostReporter as never);
  mocha.suite.emit('pre-require', globalThis as never, '', mocha);
  await import('host-suites');
  await new Promise<void>((resolve, reject) => {
    mocha.run((failures) =>
      failures > 0 ? reject(new Error(`${failures} tests failed.`)) : resolve(),
    );
  });
}
