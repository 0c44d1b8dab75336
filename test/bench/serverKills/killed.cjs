// The language server, whose first engine thread is ended so many milliseconds after it began
// (KILL_AFTER_MS). Standard error gets one line when that has happened.
const threads = require('node:worker_threads');
const { join } = require('node:path');

const { Worker } = threads;
let first = true;
threads.Worker = class extends Worker {
  constructor(/** @type {ConstructorParameters<typeof Worker>} */ ...given) {
    super(...given);
    if (!first) return;
    first = false;
    const timer = setTimeout(() => {
      console.error('killed');
      void this.terminate();
    }, Number(process.env.KILL_AFTER_MS));
    this.once('exit', () => clearTimeout(timer));
  }
};

require(join(process.cwd(), 'dist/attention-lens-server.js'));
