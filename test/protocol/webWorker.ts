/** A web worker made of a Node worker thread, as far as the server and its engine need one. */
import { Worker } from 'node:worker_threads';

/**
 * Runs first in the thread: the globals of a dedicated worker, nested ones included, and
 * nothing by which the code could tell that this is Node.
 */
const PRELUDE = `
const threads = require('node:worker_threads');
const { resolveObjectURL } = require('node:buffer');
const { parentPort, workerData } = threads;
const listeners = new Set();
globalThis.self = globalThis;
globalThis.WorkerGlobalScope = class {};
globalThis.importScripts = () => { throw new Error('Nothing can be imported here.'); };
globalThis.location = new URL('blob:https://example.invalid/worker');
globalThis.postMessage = (message, transfer) => parentPort.postMessage(message, transfer);
globalThis.addEventListener = (type, listener) => type === 'message' && listeners.add(listener);
parentPort.on('message', (data) => {
  globalThis.onmessage?.({ data });
  for (const listener of listeners) listener({ data });
});
globalThis.Worker = class {
  #waiting = [];
  #thread;
  #listeners = { message: new Set(), error: new Set() };
  constructor(address) {
    resolveObjectURL(address).text().then((source) => {
      this.#thread = new threads.Worker(workerData, { eval: true, workerData });
      this.#thread.on('message', (data) => this.#tell('message', { data }));
      this.#thread.on('error', (error) => this.#tell('error', error));
      this.#thread.postMessage(source);
      for (const [message, transfer] of this.#waiting) this.#thread.postMessage(message, transfer);
    });
  }
  postMessage(message, transfer) {
    if (this.#thread) this.#thread.postMessage(message, transfer);
    else this.#waiting.push([message, transfer]);
  }
  addEventListener(type, listener) { this.#listeners[type].add(listener); }
  terminate() { this.#thread?.terminate(); }
  #tell(type, event) { for (const listener of this.#listeners[type]) listener(event); }
};
`;

/** The thread's first message is the script; what comes later is for the script. */
const THREAD = `
const { parentPort } = require('node:worker_threads');
parentPort.once('message', (source) => {
  ${PRELUDE}
  delete globalThis.process;
  (0, eval)(source);
});
`;

/** Starts a worker from the text of its script. */
export function startWebWorker(source: string): Worker {
  const worker = new Worker(THREAD, { eval: true, workerData: THREAD });
  worker.postMessage(source);
  return worker;
}
