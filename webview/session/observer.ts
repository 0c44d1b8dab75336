import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Session } from './session';

/** Draws an element again whenever the session changes, as long as it is on the page. */
export class SessionObserver implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #session: () => Session;
  #stop: (() => void) | undefined;

  constructor(host: ReactiveControllerHost, session: () => Session) {
    this.#host = host;
    this.#session = session;
    host.addController(this);
  }

  hostConnected(): void {
    this.#stop = this.#session().subscribe(() => this.#host.requestUpdate());
  }

  hostDisconnected(): void {
    this.#stop?.();
  }
}
