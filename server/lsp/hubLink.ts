/** What the model hub needs of a client: its consent, its token, its way into the network. */
import * as v from 'valibot';
import {
  CancellationTokenSource,
  ProgressType,
  type ClientCapabilities,
  type Connection,
} from 'vscode-languageserver';
import { decodeBytes } from '../analysis/numbers';
import { HttpFailure, type HttpGet } from '../models/hub/http';
import type { Consent, DownloadQuestion, HubLink } from '../models/hub/hub';
import type { FetchParams, Settings } from '../protocol';
import { downloadAnswers, downloadWords } from './downloadWords';

/** What the client says of itself in `initialize`, under `experimental.attentionLens`. */
const abilitiesSchema = v.object({
  attentionLens: v.object({
    confirmDownload: v.optional(v.boolean(), false),
    hubToken: v.optional(v.boolean(), false),
    fetch: v.optional(v.boolean(), false),
  }),
});

const headersSchema = v.record(v.string(), v.string());
const fetchSchema = v.object({
  status: v.pipe(v.number(), v.integer()),
  headers: headersSchema,
  body: v.string(),
  failure: v.nullable(v.string()),
});
const FETCHED = new ProgressType<{ bytes: number }>();

/** `settings` are those of the moment; `storage` is where the client wants models kept. */
export function hubLink(
  connection: Connection,
  capabilities: ClientCapabilities,
  settings: () => Settings,
  storage: string | undefined,
): HubLink {
  const parsed = v.safeParse(abilitiesSchema, capabilities.experimental);
  const able = parsed.success ? parsed.output.attentionLens : undefined;
  const canChoose = capabilities.window?.showMessage !== undefined;
  return {
    endpoint: () => settings().hub.endpoint,
    storage,
    get: able?.fetch ? clientGet(connection) : undefined,
    token: async (endpoint) => (able?.hubToken ? askToken(connection, endpoint) : null),
    ask: async (question, signal) => {
      if (able?.confirmDownload) return confirm(connection, question, signal);
      return canChoose ? choose(connection, question, signal) : 'cannotAsk';
    },
  };
}

/** The folder that `initializationOptions` gives for what is downloaded. */
export function storageOf(options: unknown): string | undefined {
  const parsed = v.safeParse(v.object({ storage: v.pipe(v.string(), v.nonEmpty()) }), options);
  return parsed.success ? parsed.output.storage : undefined;
}

async function askToken(connection: Connection, endpoint: string): Promise<string | null> {
  const answer: unknown = await connection.sendRequest('attentionLens/hubToken', { endpoint });
  return v.parse(v.object({ token: v.nullable(v.string()) }), answer).token;
}

async function confirm(
  connection: Connection,
  question: DownloadQuestion,
  signal: AbortSignal,
): Promise<Consent> {
  const params = { ...question, ...downloadWords(question) };
  const answer = await ask(connection, 'attentionLens/confirmDownload', params, signal);
  return v.parse(v.object({ accepted: v.boolean() }), answer).accepted ? 'yes' : 'no';
}

async function choose(
  connection: Connection,
  question: DownloadQuestion,
  signal: AbortSignal,
): Promise<Consent> {
  const { message, detail } = downloadWords(question);
  const [yes, no] = downloadAnswers(question);
  const params = {
    type: 3,
    message: `${message} ${detail}`,
    actions: [{ title: yes }, { title: no }],
  };
  const answer = await ask(connection, 'window/showMessageRequest', params, signal);
  return v.is(v.object({ title: v.literal(yes) }), answer) ? 'yes' : 'no';
}

function clientGet(connection: Connection): HttpGet {
  let requests = 0;
  return async (request, signal, onBytes) => {
    const progress = `attentionLens/fetch/${++requests}`;
    let told = 0;
    const listening = connection.onProgress(FETCHED, progress, ({ bytes }) => {
      onBytes(bytes - told);
      told = bytes;
    });
    try {
      const params: FetchParams = { ...request, progress };
      const answer = await ask(connection, 'attentionLens/fetch', params, signal);
      const { failure, body, ...fetched } = v.parse(fetchSchema, answer);
      if (failure !== null) throw new HttpFailure(failure, fetched.headers);
      return { ...fetched, body: decodeBytes(body) };
    } finally {
      listening.dispose();
    }
  };
}

/** A request to the client that is called off with the signal. */
async function ask(
  connection: Connection,
  method: string,
  params: object,
  signal: AbortSignal,
): Promise<unknown> {
  const source = new CancellationTokenSource();
  const cancel = (): void => source.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    if (signal.aborted) throw new HttpFailure('aborted');
    return await connection.sendRequest<unknown>(method, params, source.token);
  } catch (error) {
    throw signal.aborted ? new HttpFailure('aborted') : error;
  } finally {
    signal.removeEventListener('abort', cancel);
    source.dispose();
  }
}
