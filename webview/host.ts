import type { Port } from '../channel/channel';

/** What VS Code gives a page, once, to reach its extension and to keep a small state. */
export interface WebviewApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): WebviewApi;

/** The page's only call of `acquireVsCodeApi`, which throws when called twice. */
export function webviewApi(): WebviewApi {
  return acquireVsCodeApi();
}

/** The extension host as the other end of a channel. */
export function hostPort(api: WebviewApi): Port {
  return {
    post: (message) => api.postMessage(message),
    listen: (receive) =>
      window.addEventListener('message', (event: MessageEvent<unknown>) => receive(event.data)),
  };
}
