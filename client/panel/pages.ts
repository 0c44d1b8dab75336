/** The pages of a webview: each load is a new one, with a channel of its own. */
import { Channel, type Port } from '../../channel/channel';
import type { HostSide, PanelSide } from '../../webview/protocol';

export type PageChannel = Channel<HostSide, PanelSide>;

/** What of a `vscode.Webview` is needed. */
export interface PageWindow {
  postMessage(message: unknown): PromiseLike<boolean>;
  onDidReceiveMessage(listener: (message: unknown) => void): { dispose(): void };
}

/**
 * Calls `serve` with a fresh channel whenever a page introduces itself. A page
 * that was reloaded numbers its requests from the start, so that answers still
 * due to the one before must not reach it under the same numbers.
 */
export function connectPages(
  page: PageWindow,
  serve: (channel: PageChannel) => void,
): { dispose(): void } {
  let receive: ((message: unknown) => void) | undefined;
  return page.onDidReceiveMessage((message) => {
    if (isHello(message)) {
      const port: Port = {
        post: (answer) => void page.postMessage(answer),
        listen: (listener) => {
          receive = listener;
        },
      };
      serve(new Channel(port));
    }
    receive?.(message);
  });
}

function isHello(message: unknown): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    'method' in message &&
    message.method === 'hello'
  );
}
