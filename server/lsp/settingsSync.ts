/** Keeps the settings as the client has them. */
import * as v from 'valibot';
import {
  DidChangeConfigurationNotification,
  type ClientCapabilities,
  type Connection,
} from 'vscode-languageserver';
import { readSettings } from '../analysis/settings';
import type { Settings } from '../protocol';
import { traceOf } from './errorCodes';
import type { Runner } from './runner';

const SECTION = 'attentionLens';

/** Names that stand beside ours: `assets` in the options, the editor's own in the section. */
const NOT_OURS = ['assets', 'overlay', 'panel'];

export class SettingsSync {
  readonly #connection: Connection;
  readonly #runner: Runner;
  readonly #use: (settings: Settings) => void;
  #pulls = false;
  #registers = false;
  #reported = new Set<string>();

  /** `use` gets the settings whenever they may have changed. */
  constructor(connection: Connection, runner: Runner, use: (settings: Settings) => void) {
    this.#connection = connection;
    this.#runner = runner;
    this.#use = use;
  }

  initialize(capabilities: ClientCapabilities, options: unknown): void {
    this.#pulls = capabilities.workspace?.configuration === true;
    this.#registers = capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true;
    this.#take(options);
    const params = v.object({ settings: v.unknown() });
    this.#runner.onNotification(
      DidChangeConfigurationNotification.method,
      v.optional(params, { settings: null }),
      ({ settings }) => void (this.#pulls ? this.#pull() : this.#take(sectionOf(settings))),
    );
  }

  /** After `initialized`: asks for the section, and to hear of changes. */
  async initialized(): Promise<void> {
    if (this.#registers) {
      const { type } = DidChangeConfigurationNotification;
      this.#connection.client.register(type, { section: SECTION }).catch(() => undefined);
    }
    if (this.#pulls) await this.#pull();
  }

  async #pull(): Promise<void> {
    try {
      const section: unknown = await this.#connection.workspace.getConfiguration(SECTION);
      // A client that knows no such section keeps what it said in `initialize`.
      if (section !== null && section !== undefined) this.#take(section);
    } catch (error) {
      this.#runner.log(traceOf(error));
    }
  }

  #take(raw: unknown): void {
    const { settings, problems } = readSettings(raw, NOT_OURS);
    for (const problem of problems) {
      if (!this.#reported.has(problem)) this.#runner.log(problem);
      this.#reported.add(problem);
    }
    this.#use(settings);
  }
}

/** Clients send all their settings, or ours alone. */
function sectionOf(settings: unknown): unknown {
  if (typeof settings !== 'object' || settings === null) return settings;
  return (Reflect.get(settings, SECTION) as unknown) ?? settings;
}
