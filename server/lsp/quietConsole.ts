/** The log without what a client sent. */
import type { RemoteConsole } from 'vscode-languageserver';

type ConsoleClass = new () => RemoteConsole;

/**
 * The library logs messages that it cannot read in full, after the first line; they
 * may hold a document, and the log never does.
 */
export function quietConsole(Base: ConsoleClass): ConsoleClass {
  return class extends Base {
    override error(message: string): void {
      super.error(message.split('\n', 1)[0] ?? '');
    }
  };
}
