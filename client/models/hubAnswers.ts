/** What the server's model hub asks of us: consent, the token, and the editor's way into the network. */
import type * as vscode from 'vscode';
import {
  ProgressType,
  type BaseLanguageClient,
  type ClientCapabilities,
  type StaticFeature,
} from 'vscode-languageclient';
import type {
  ConfirmDownloadParams,
  FetchParams,
  FetchResult,
  HubTokenParams,
} from '../../server/protocol';
import { confirmDownload } from './consent';
import type { HubTokens } from './token';

/** Carries out one HTTP request; `onBytes` is told how much has come. */
export type Fetcher = (
  params: FetchParams,
  token: vscode.CancellationToken,
  onBytes: (bytes: number) => void,
) => Promise<FetchResult>;

const FETCHED = new ProgressType<{ bytes: number }>();

/** Announces and answers them. Call before the client starts. */
export function answerHub(client: BaseLanguageClient, tokens: HubTokens, fetch: Fetcher): void {
  client.registerFeature(announce({ confirmDownload: true, hubToken: true, fetch: true }));
  client.onRequest('attentionLens/confirmDownload', (params: ConfirmDownloadParams) =>
    confirmDownload(params),
  );
  client.onRequest('attentionLens/hubToken', async ({ endpoint }: HubTokenParams) => ({
    token: (await tokens.of(endpoint)) ?? null,
  }));
  client.onRequest(
    'attentionLens/fetch',
    (params: FetchParams, token: vscode.CancellationToken): Promise<FetchResult> =>
      fetch(params, token, (bytes) => {
        // A lost number is no loss: the next one counts from the beginning too.
        client.sendProgress(FETCHED, params.progress, { bytes }).catch(() => undefined);
      }),
  );
}

function announce(abilities: { [name: string]: boolean }): StaticFeature {
  return {
    fillClientCapabilities: (capabilities: ClientCapabilities) => {
      const experimental = capabilities.experimental as object | undefined;
      capabilities.experimental = { ...experimental, attentionLens: abilities };
    },
    initialize: () => undefined,
    getState: () => ({ kind: 'static' }),
    clear: () => undefined,
  };
}
