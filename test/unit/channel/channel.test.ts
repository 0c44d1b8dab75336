import assert from 'node:assert/strict';
import { Channel, ChannelError, Transferred } from '../../../channel/channel';
import { portPair } from './pair';
import type { Side } from '../../../channel/channel';

interface Server extends Side {
  methods: {
    double: { params: number; result: number };
    fill: { params: number; result: Uint8Array };
    odd: { params: null; result: unknown };
    length: { params: Uint8Array; result: number };
    wait: { params: null; result: string };
  };
  events: { news: string };
}
interface Client extends Side {
  methods: Record<never, never>;
  events: Record<never, never>;
}

function connect() {
  const [near, far] = portPair();
  return {
    near,
    far,
    client: new Channel<Client, Server>(near),
    server: new Channel<Server, Client>(far),
  };
}

/** Lets everything that is under way arrive. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

const withReason = (reason: string) => (error: unknown) => ChannelError.is(error, reason);

describe('channel', () => {
  describe('requests', () => {
    it('answers each with its own result, whatever the order', async () => {
      const { client, server } = connect();
      const waiting: (() => void)[] = [];
      server.handle('double', (n) => new Promise((done) => waiting.push(() => done(2 * n))));
      const answers = Promise.all([client.request('double', 1), client.request('double', 2)]);
      await settle();
      for (const release of waiting.reverse()) release();
      assert.deepEqual(await answers, [2, 4]);
    });

    it('rejects with the reason, sentence and data of a ChannelError', async () => {
      const { client, server } = connect();
      server.handle('double', () => {
        throw new ChannelError('tooLong', 'That is too long.', { most: 5 });
      });
      await assert.rejects(client.request('double', 1), {
        name: 'ChannelError',
        reason: 'tooLong',
        message: 'That is too long.',
        data: { most: 5 },
      });
    });

    it('rejects with reason "internal" when a handler throws anything else, at once or later', async () => {
      const { client, server } = connect();
      server.handle('double', () => {
        throw new TypeError('oops');
      });
      server.handle('wait', () => Promise.reject(new Error('later')));
      await assert.rejects(client.request('double', 1), { reason: 'internal', message: 'oops' });
      await assert.rejects(client.request('wait', null), { reason: 'internal', message: 'later' });
    });

    it('rejects what nobody answers', async () => {
      const { client } = connect();
      await assert.rejects(client.request('double', 1), withReason('unknownMethod'));
    });

    it('rejects when an answer cannot be cloned', async () => {
      const { client, server } = connect();
      server.handle('odd', () => () => 'a function');
      await assert.rejects(client.request('odd', null), withReason('internal'));
    });

    it('lets a failure arrive although its data cannot be cloned', async () => {
      const { client, server } = connect();
      server.handle('odd', () => {
        throw new ChannelError('bad', 'Bad.', () => 'a function');
      });
      await assert.rejects(client.request('odd', null), { reason: 'bad', message: 'Bad.' });
    });

    it('rejects when the port refuses to post, and goes on working', async () => {
      const { client, server, near } = connect();
      server.handle('double', (n) => 2 * n);
      near.failWith = new Error('The port is gone.');
      await assert.rejects(client.request('double', 1), /port is gone/);
      assert.equal(await client.request('double', 4), 8);
    });

    it('does not fall over when the answer cannot be posted at all', async () => {
      const { client, server, far } = connect();
      server.handle('wait', () => {
        far.post = () => {
          throw new Error('dead');
        };
        return 'x';
      });
      void client.request('wait', null).catch(() => undefined);
      await settle();
    });
  });

  describe('cancelling', () => {
    it('rejects at once, aborts the handler and drops its late answer', async () => {
      const { client, server } = connect();
      let answer: (text: string) => void = () => undefined;
      let aborted = false;
      server.handle('wait', (_, signal) => {
        signal.addEventListener('abort', () => (aborted = true));
        return new Promise((resolve) => (answer = resolve));
      });
      const controller = new AbortController();
      const request = client.request('wait', null, { signal: controller.signal });
      await settle();
      controller.abort();
      await assert.rejects(request, withReason('cancelled'));
      await settle();
      assert.equal(aborted, true);
      answer('too late');
      await settle();
    });

    it('never sends what was cancelled before', async () => {
      const { client, server } = connect();
      let asked = false;
      server.handle('wait', () => {
        asked = true;
        return '';
      });
      const request = client.request('wait', null, { signal: AbortSignal.abort() });
      await assert.rejects(request, withReason('cancelled'));
      await settle();
      assert.equal(asked, false);
    });

    it('rejects even though the port cannot carry the cancellation', async () => {
      const { client, server, near } = connect();
      server.handle('wait', () => new Promise(() => undefined));
      const controller = new AbortController();
      const request = client.request('wait', null, { signal: controller.signal });
      near.failWith = new Error('dead');
      controller.abort();
      await assert.rejects(request, withReason('cancelled'));
    });

    it('does nothing after the answer has come', async () => {
      const { client, server } = connect();
      server.handle('double', (n) => 2 * n);
      const controller = new AbortController();
      assert.equal(await client.request('double', 3, { signal: controller.signal }), 6);
      controller.abort();
      assert.equal(await client.request('double', 4), 8);
    });
  });

  describe('transfer', () => {
    it('moves buffers of a request and of an answer', async () => {
      const { client, server, far } = connect();
      server.handle('length', (bytes) => bytes.length);
      server.handle('fill', (n) => {
        const bytes = new Uint8Array(n).fill(7);
        return new Transferred(bytes, [bytes.buffer]);
      });
      const sent = new Uint8Array(5);
      assert.equal(await client.request('length', sent, { transfer: [sent.buffer] }), 5);
      assert.equal(sent.byteLength, 0);
      assert.deepEqual(await client.request('fill', 2), new Uint8Array([7, 7]));
      assert.equal(far.transferred.length, 1);
      assert.equal(far.transferred[0]!.byteLength, 0);
    });
  });

  describe('events', () => {
    it('reach every listener until it stops listening', async () => {
      const { client, server } = connect();
      const heard: string[] = [];
      const stop = client.on('news', (text) => heard.push(`a ${text}`));
      client.on('news', (text) => heard.push(`b ${text}`));
      server.send('news', '1');
      await settle();
      stop();
      server.send('news', '2');
      await settle();
      assert.deepEqual(heard, ['a 1', 'b 1', 'b 2']);
    });

    it('reach the other listeners when one throws, and the failure is not swallowed', () => {
      const { client, near } = connect();
      const heard: string[] = [];
      client.on('news', () => {
        throw new Error('listener');
      });
      client.on('news', (text) => heard.push(text));
      assert.throws(() => near.receive({ kind: 'event', name: 'news', payload: 'x' }), /listener/);
      assert.deepEqual(heard, ['x']);
    });
  });

  describe('closing', () => {
    it('rejects what waits and what comes, and aborts what runs', async () => {
      const { client, server } = connect();
      let aborted = false;
      server.handle('wait', (_, signal) => {
        signal.addEventListener('abort', () => (aborted = true));
        return new Promise(() => undefined);
      });
      const waiting = client.request('wait', null);
      await settle();
      client.close(new ChannelError('gone', 'Gone.'));
      server.close();
      await assert.rejects(waiting, withReason('gone'));
      await assert.rejects(client.request('wait', null), withReason('gone'));
      assert.equal(aborted, true);
    });

    it('ignores answers that arrive later', async () => {
      const { client, server } = connect();
      server.handle('double', (n) => 2 * n);
      const request = client.request('double', 1);
      client.close();
      await assert.rejects(request, withReason('closed'));
      await settle();
    });
  });

  it('passes over messages that are not of a channel', async () => {
    const { client, server, near, far } = connect();
    server.handle('double', (n) => 2 * n);
    for (const end of [near, far]) {
      for (const stray of [null, 'text', 5, {}, { kind: 'request' }, { kind: 'result', id: 'x' }]) {
        end.receive(stray);
      }
      end.receive({ kind: 'result', id: 999, value: 1 });
      end.receive({ kind: 'cancel', id: 999 });
      end.receive({ kind: 'event', name: 'nobody listens', payload: 1 });
    }
    assert.equal(await client.request('double', 2), 4);
  });
});
