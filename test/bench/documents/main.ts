/**
 * Long documents over the wire, as ratios against the pass of one window: the first hover in
 * the middle of a very long file, a hover after an edit, typing without end, idle work, and two servers
 * at once.
 */
import { readFileSync } from 'node:fs';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import { start, type Client, type HoverResult } from '../../protocol/client';
import { cpuSeconds, residentMb } from './processes';

const uri = 'file:///long.md';
/** Disturbances only ever add time, so the smallest of a few rounds is compared. */
const ROUNDS = 5;
const EDIT_TOKENS = 20_000;
const LONG_TOKENS = 100_000;
const TYPING_MS = 10_000;
const EDITS_A_SECOND = 200;
const IDLE_MS = 15_000;

const sample = readFileSync('samples/tides.md', 'utf8');
/** UTF-16 units of the sample that make a token of the bundled model, about. */
const UNITS_A_TOKEN = 4;

/** Lines of text of about so many tokens, no two alike. */
function textOf(tokens: number): string[] {
  const lines: string[] = [];
  const source = sample.split('\n').filter((line) => line.length > 40);
  for (let units = 0, at = 0; units < tokens * UNITS_A_TOKEN; at++) {
    const line = `${at} ${source[at % source.length] ?? ''}`;
    lines.push(line);
    units += line.length;
  }
  return lines;
}

async function elapsedMs(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

const line = (name: string, value: string): void =>
  console.log(`${name.padEnd(62)}${value.padStart(12)}`);
const ratio = (value: number): string => `${value.toFixed(2)} ×`;

async function ready(background = false): Promise<Client> {
  const client = await start({ initialize: { initializationOptions: { background } } });
  await client.status(({ state }) => state === 'ready');
  return client;
}

const fullWindow = textOf(600);

/** A full window of its own: the time of a pass with its hover. */
async function onePassMs(client: Client, name: string): Promise<number> {
  const each = `file:///pass-${name}.md`;
  await client.open(each, [`Round ${name}`, ...fullWindow].join('\n'));
  await client.request('attentionLens/tokens', { textDocument: { uri: each } });
  return elapsedMs(() => client.hover(each, 1, 10));
}

/** As {@link onePassMs}, each time another window. */
async function passMs(client: Client, name: string): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++)
    best = Math.min(best, await onePassMs(client, `${name} ${round}`));
  return best;
}

async function longFile(client: Client, pass: number): Promise<void> {
  const lines = textOf(LONG_TOKENS);
  const middle = Math.floor(lines.length / 2);
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const each = `file:///long-${round}.md`;
    const text = [`Round ${round}`, ...lines.map((each_) => `${round} ${each_}`)].join('\n');
    best = Math.min(
      best,
      await elapsedMs(async () => {
        await client.open(each, text);
        await client.hover(each, middle, 12);
      }),
    );
    await client.connection.sendNotification('textDocument/didClose', {
      textDocument: { uri: each },
    });
  }
  line(`first hover in the middle of ${LONG_TOKENS} tokens ÷ pass`, ratio(best / pass));
}

async function edits(client: Client): Promise<void> {
  const lines = textOf(EDIT_TOKENS);
  const middle = Math.floor(lines.length / 2);
  await client.open(uri, lines.join('\n'));
  await client.hover(uri, middle, 12);
  let [best, pass, version] = [Infinity, Infinity, 1];
  // In turns: a machine is not as fast now as it was a minute ago.
  for (let round = 0; round < 2 * ROUNDS; round++) {
    pass = Math.min(pass, await onePassMs(client, `beside edit ${round}`));
    const at = { line: middle, character: 12 };
    version++;
    best = Math.min(
      best,
      await elapsedMs(async () => {
        const change = [{ range: { start: at, end: at }, text: ` word${round} ` }];
        await client.change(uri, version, change);
        await client.hover(uri, middle, 12);
      }),
    );
  }
  line(`edit → hover in ${EDIT_TOKENS} tokens ÷ pass`, ratio(best / pass));
  await typing(client, { middle, version });
}

async function typing(
  client: Client,
  { middle, version }: { middle: number; version: number },
): Promise<void> {
  const pid = client.process?.pid ?? 0;
  const before = residentMb(pid);
  /** In the first half and in the second. */
  const most = [before, before];
  const begin = performance.now();
  let [edit, hovers, open] = [0, 0, 0];
  let asking = new CancellationTokenSource();
  /** As an editor does: the next hover calls the one before off. */
  const ask = async (): Promise<HoverResult | null> => {
    asking.cancel();
    asking = new CancellationTokenSource();
    hovers++;
    open++;
    const place = { textDocument: { uri }, position: { line: middle, character: 2 } };
    try {
      return await client.connection.sendRequest('textDocument/hover', place, asking.token);
    } catch {
      return null;
    } finally {
      open--;
    }
  };
  while (performance.now() - begin < TYPING_MS) {
    const due = Math.floor(((performance.now() - begin) * EDITS_A_SECOND) / 1000);
    for (; edit < due; edit++) {
      const start = { line: middle, character: 0 };
      const end = { line: middle, character: 6 };
      const text = edit % 2 === 0 ? 'typing' : 'edited';
      await client.change(uri, version + 1 + edit, [{ range: { start, end }, text }]);
      if (edit % 20 === 0) void ask();
    }
    const half = performance.now() - begin < TYPING_MS / 2 ? 0 : 1;
    most[half] = Math.max(most[half]!, residentMb(pid));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const waiting = open;
  let last: HoverResult | null = null;
  const settle = await elapsedMs(async () => (last = await ask()));
  const typed = edit % 2 === 0 ? 'edited' : 'typing';
  const isLast = JSON.stringify(last).includes(`\`${typed}`);
  line(
    `${edit} edits in ${TYPING_MS / 1000} s: the last is answered after`,
    isLast ? `${settle.toFixed(0)} ms` : 'NOT THE LAST',
  );
  line('  hovers that wait at the end of typing, of', `${waiting}, ${hovers}`);
  line(
    '  memory before, and at most in either half',
    `${[before, ...most].map((each) => each.toFixed(0)).join(', ')} MB`,
  );
}

async function idle(): Promise<void> {
  const client = await ready(true);
  const pid = client.process?.pid ?? 0;
  await client.open(uri, textOf(EDIT_TOKENS).join('\n'));
  await client.hover(uri, 0, 5);
  const hovers: number[] = [];
  const used = cpuSeconds(pid);
  const begin = performance.now();
  while (performance.now() - begin < IDLE_MS)
    await new Promise((resolve) => setTimeout(resolve, 500));
  const seconds = (performance.now() - begin) / 1000;
  line(
    'idle work: share of one core',
    `${((100 * (cpuSeconds(pid) - used)) / seconds).toFixed(0)} %`,
  );
  const { documents } = await client.request('attentionLens/status', {});
  line(`  windows analysed in ${seconds.toFixed(0)} s`, String(documents[0]?.analysed));
  for (let round = 0; round < 40; round++) {
    hovers.push(await elapsedMs(() => client.hover(uri, 0, 5 + round)));
    // Longer than idle work waits after a question.
    await new Promise((resolve) => setTimeout(resolve, 330));
  }
  hovers.sort((one, other) => one - other);
  line(
    '  hover of analysed text meanwhile: median, longest',
    `${hovers[20]?.toFixed(0)}, ${hovers.at(-1)?.toFixed(0)} ms`,
  );
  await client.stop();
}

async function twoServers(client: Client): Promise<void> {
  const other = await ready();
  const alone = await passMs(client, 'alone');
  const both = await Promise.all([passMs(client, 'together'), passMs(other, 'together')]);
  line('pass with a second server at work ÷ pass alone', ratio(Math.max(...both) / alone));
  await other.stop();
}

const client = await ready();
const pass = await passMs(client, 'first');
line('pass of a full window, with its hover', `${pass.toFixed(0)} ms`);
await longFile(client, pass);
await edits(client);
await twoServers(client);
await client.stop();
await idle();
