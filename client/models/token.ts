/** The person's token for a model hub, kept where the editor keeps secrets. */
import * as vscode from 'vscode';
import { PUBLIC_ENDPOINT, isEndpoint } from '../../server/models/hub/endpoint';
import { SECTION } from '../settings';

/** One for each host: a token goes to nobody else. */
export class HubTokens {
  readonly #secrets: vscode.SecretStorage;
  readonly #environment: string | undefined;

  /** `environment` is HF_ENDPOINT, where there is one. */
  constructor(secrets: vscode.SecretStorage, environment: string | undefined) {
    this.#secrets = secrets;
    this.#environment = environment;
  }

  of(origin: string): Thenable<string | undefined> {
    return this.#secrets.get(keyOf(origin));
  }

  /** Asks for the token of the endpoint in use and keeps it. */
  async set(): Promise<void> {
    const origin = this.#origin();
    const token = await vscode.window.showInputBox({
      title: vscode.l10n.t('Token for {0}', new URL(origin).host),
      prompt: vscode.l10n.t(
        'A token that may read models. It is kept in the editor’s secret storage and sent to this host only.',
      ),
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) =>
        text === '' || /^[\x21-\x7e]+$/.test(text.trim())
          ? null
          : vscode.l10n.t('A token has letters, digits and signs without spaces.'),
    });
    if (!token?.trim()) return;
    await this.#secrets.store(keyOf(origin), token.trim());
    say(vscode.l10n.t('The token for {0} is kept', new URL(origin).host));
  }

  async remove(): Promise<void> {
    const origin = this.#origin();
    const { host } = new URL(origin);
    const known = (await this.of(origin)) !== undefined;
    await this.#secrets.delete(keyOf(origin));
    say(
      known
        ? vscode.l10n.t('The token for {0} is removed', host)
        : vscode.l10n.t('No token for {0} was kept', host),
    );
  }

  #origin(): string {
    const set = vscode.workspace.getConfiguration(SECTION).get('hub.endpoint', '');
    const wanted = set || this.#environment || PUBLIC_ENDPOINT;
    return new URL(isEndpoint(wanted) ? wanted : PUBLIC_ENDPOINT).origin;
  }
}

function keyOf(origin: string): string {
  return `attentionLens.hubToken:${origin}`;
}

function say(text: string): void {
  vscode.window.setStatusBarMessage(text, 3000);
}
