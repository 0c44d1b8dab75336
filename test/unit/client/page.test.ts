import assert from 'node:assert/strict';
import { newNonce, panelHtml } from '../../../client/panel/html';
import { connectPages, type PageChannel } from '../../../client/panel/pages';

describe("the panel's document", () => {
  const html = panelHtml({
    cspSource: 'https://resources',
    nonce: 'abc',
    script: 'https://resources/panel.js',
    icons: 'https://resources/codicon.css',
    title: '<b>"x"</b>',
    language: 'zh-cn',
  });

  it('allows its own script and nothing inline or remote', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    assert.ok(policy.startsWith("default-src 'none'; script-src 'nonce-abc';"));
    assert.ok(!/unsafe|\*|connect-src/.test(policy));
  });

  it('escapes what it is given', () => {
    assert.ok(html.includes('<title>&lt;b&gt;&quot;x&quot;&lt;/b&gt;</title>'));
  });

  it('gets a new nonce each time', () => {
    assert.match(newNonce(), /^[0-9a-f]{32}$/);
    assert.notEqual(newNonce(), newNonce());
  });
});

describe('a page that is loaded again', () => {
  it('gets a channel of its own, and no answer that was due to the one before', async () => {
    const posted: unknown[] = [];
    let receive: (message: unknown) => void = () => undefined;
    const channels: PageChannel[] = [];
    const finish: ((value: never) => void)[] = [];
    connectPages(
      {
        postMessage: (message) => (posted.push(message), Promise.resolve(true)),
        onDidReceiveMessage: (listener) => ((receive = listener), { dispose: () => undefined }),
      },
      (channel) => {
        channels.at(-1)?.close();
        channels.push(channel);
        channel.handle('hello', () => ({ state: {} as never, strings: {} }));
        channel.handle('tokens', () => new Promise<never>((resolve) => finish.push(resolve)));
      },
    );
    const request = (id: number, method: string): void =>
      receive({ kind: 'request', id, method, params: { generation: 1 } });
    request(1, 'hello');
    request(2, 'tokens');
    request(1, 'hello');
    request(2, 'tokens');
    finish[0]?.('old' as never);
    finish[1]?.('new' as never);
    await new Promise(setImmediate);
    const answers = posted.filter((message) => (message as { id: number }).id === 2);
    assert.deepEqual(answers, [{ kind: 'result', id: 2, value: 'new' }]);
    assert.equal(channels.length, 2);
  });
});
