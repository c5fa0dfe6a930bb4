/* A client that does not read for too long is ended by the host, comes back, and has it all. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Host, listen, overSocket } from './host.mjs';

const TEXT = 'x'.repeat(100000);

const stalled = async (host) => /junmai_clients_stalled_total ([1-9])/.test(await host.get('/metrics'));

test('a stalled client resumes', async (t) => {
  const host = await Host.start(t, { limits: { stall_timeout_s: 1, ping_interval_s: 3600 } });
  const sockets = [];
  class Socket extends overSocket.WebSocket {
    constructor(url) {
      super(url);
      sockets.push(this);
    }
  }
  const { client, events, states, lost } = listen(t, host.url, { WebSocket: Socket });
  await client.connect().subscribe(['kitchen']);
  sockets[0].pause();
  let sent = 0;
  while (!await stalled(host)) {
    await client.publish('big', { n: sent++, TEXT }, { channel: 'kitchen', durable: true });
  }
  sockets[0].resume();
  await events.count(sent);
  assert.deepEqual(events.items.map((event) => event.n), [...Array(sent).keys()]);
  assert.ok(states.items.some((change) => change.state === 'waiting'));
  assert.deepEqual(lost.items, []);
});
