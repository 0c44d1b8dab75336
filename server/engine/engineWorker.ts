/** A worker that runs the engine, as the supervisor sees it. */
import type { Port } from '../../channel/channel';

export interface EngineWorker {
  readonly port: Port;
  /** Ends the worker at once, in the middle of whatever it does. */
  terminate(): void;
  /** Called at most once, when the worker is gone without having been terminated; `why` is for the log. */
  onExit(listener: (why: string) => void): void;
}

export type StartWorker = () => EngineWorker;
