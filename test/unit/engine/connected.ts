/** The engine's worker side, served in the test's own process over a pair of ports. */
import { Channel } from '../../../channel/channel';
import { simdKernel } from '../../../server/engine/kernel/choose';
import { serveEngine } from '../../../server/engine/worker';
import { portPair } from '../channel/pair';
import { fakeSession } from './fakeModel';
import type { EngineHost } from '../../../server/engine/load';
import type { EngineCallerSide, EngineSide } from '../../../server/engine/protocol';
import type { FakeModelOptions } from './fakeModel';

export function fakeHost(options: FakeModelOptions): EngineHost {
  return {
    openFile: (path) => {
      throw new Error(`no file ${path}`);
    },
    openSession: options.open ?? (() => Promise.resolve(fakeSession(options))),
    kernel: simdKernel(),
  };
}

export function connectEngine(options: FakeModelOptions = {}) {
  const [near, far] = portPair();
  serveEngine(far, fakeHost(options));
  return new Channel<EngineCallerSide, EngineSide>(near);
}
