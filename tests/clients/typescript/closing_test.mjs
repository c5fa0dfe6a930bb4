/* How connections end, and what the client makes of it: a host of the test closes as it likes. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';

import { Collector, listen, overSocket, ws } from './host.mjs';

const welcome = JSON.stringify({
  type: 'connection_established', client_id: 1, server_time: '2026-01-01T00:00:00.000Z',
  epoch: 'e', seq: 1, cursor: 'e:1', protocol: 1,
});

/** Welcomes each client and ends the first connection in that way. */
async function closingHost(t, end) {
  const server = new ws.WebSocketServer({ port: 0, host: '127.0.0.1' });
  const messages = new Collector();
  let connections = 0;
  server.on('connection', (socket) => {
    socket.on('message', (text) => messages.add(JSON.parse(text)));
    socket.send(welcome);
    if (++connections === 1) {
      end(socket);
    }
  });
  t.after(() => {
    server.clients.forEach((socket) => socket.terminate());
    server.close();
  });
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, messages };
}

const closing = (code, reason) => (socket) => socket.close(code, reason);
const isOpenAgain = (items) => items.filter((change) => change.state === 'open').length === 2;

for (const [code, reason, least, most] of [
  [1001, 'retry_ms=150', 150, 150],
  [1012, 'restart', 10, 20],
  [4408, 'stalled: nothing was read', 10, 20],
]) {
  test(`after ${code} it comes back`, async (t) => {
    const { url } = await closingHost(t, closing(code, reason));
    const { client, states } = listen(t, url, overSocket);
    client.connect();
    const changes = await states.until('a second connection', isOpenAgain);
    const waiting = changes.find((change) => change.state === 'waiting');
    assert.equal(waiting.code, code);
    assert.equal(waiting.reason, reason);
    assert.ok(waiting.retryMs >= least && waiting.retryMs <= most, `waited ${waiting.retryMs}`);
  });
}

test('after 4429 it takes its time', async (t) => {
  const { url } = await closingHost(t, closing(4429, 'too many'));
  const { client, states } = listen(t, url, overSocket);
  client.connect();
  const changes = await states.until('waiting', (items) => items.at(-1)?.state === 'waiting');
  assert.ok(changes.at(-1).retryMs >= 5000);
});

for (const code of [4401, 4403]) {
  test(`after ${code} it stays closed`, async (t) => {
    const { url } = await closingHost(t, closing(code, 'no'));
    const { client, states } = listen(t, url, { ...overSocket, token: 'old' });
    client.connect();
    const subscribed = client.subscribe(['jobs']);
    const changes = await states.until('the end', (items) => items.at(-1)?.state === 'closed');
    assert.equal(changes.at(-1).code, code);
    await assert.rejects(subscribed, /closed: no/);
    await assert.rejects(client.subscribe(['jobs']), /closed/);
  });
}

test('after 4401 a new token is asked for', async (t) => {
  const { url, messages } = await closingHost(t, closing(4401, 'expired'));
  let number = 0;
  const { client } = listen(t, url, { ...overSocket, token: async () => `token ${++number}` });
  client.connect();
  await messages.until('a second token', (items) => items.at(-1)?.token === 'token 2');
});

test('a host that falls silent is left', async (t) => {
  const { url } = await closingHost(t, () => undefined);
  const { client, states } = listen(t, url, { ...overSocket, pingMs: 30, patienceMs: 300 });
  client.connect();
  const changes = await states.until('a second connection', isOpenAgain);
  assert.match(changes.find((change) => change.state === 'waiting').reason, /silent/);
});

test('a connection that is cut is one more attempt', async (t) => {
  const { url } = await closingHost(t, (socket) => socket.terminate());
  const { client, states } = listen(t, url, overSocket);
  client.connect();
  await states.until('a second connection', isOpenAgain);
});
