/* What a client asks of a host, and how it is told what the host refuses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Collector, Host, JunmaiClient, listen, overSocket, overStream } from './host.mjs';

for (const [name, transport] of Object.entries({ overSocket, overStream })) {
  test(`only what is subscribed arrives (${name})`, async (t) => {
    const host = await Host.start(t);
    const { client, events } = listen(t, host.url, transport);
    const lunches = new Collector();
    client.onEvent('lunch', lunches.add);
    await client.connect().subscribe(['kitchen'], { types: ['lunch', 'last'] });
    await client.subscribe(['cellar']);
    await client.publish('lunch', { at: '12:30' }, { channel: 'kitchen' });
    await client.publish('supper', {}, { channel: 'kitchen' });
    await client.publish('bottle', {}, { channel: 'cellar' });
    await client.publish('roof', {}, { channel: 'attic' });
    await client.publish('alarm');
    await client.publish('last', {}, { channel: 'kitchen' });
    await events.until('the last', (items) => items.at(-1)?.type === 'last');
    assert.deepEqual(events.items.map((event) => event.type), ['lunch', 'bottle', 'alarm', 'last']);
    assert.equal(lunches.items[0].at, '12:30');

    client.unsubscribe(['kitchen']);
    await client.publish('lunch', {}, { channel: 'kitchen' });
    await client.subscribe(['attic']);
    await client.publish('roof', {}, { channel: 'attic' });
    await events.until('the roof', (items) => items.at(-1)?.type === 'roof');
    assert.equal(lunches.items.length, 1);
  });

  test(`a refused subscription is told, and not tried again (${name})`, async (t) => {
    const host = await Host.start(t);
    const { client, errors } = listen(t, host.url, transport);
    await client.connect().subscribe(['kitchen']);
    await assert.rejects(client.subscribe(['No Such Name']), /channel name/);
    const [error] = await errors.count(1);
    assert.match(error.message, /channel name/);
    await client.subscribe(['cellar']);
    assert.deepEqual(Object.keys(client.places), ['kitchen', 'cellar']);
    assert.equal(errors.items.length, 1);
  });
}

test('operators see the client, and pings are answered', async (t) => {
  const host = await Host.start(t);
  const { client } = listen(t, host.url.replace('http', 'ws') + '/ws', {
    ...overSocket, clientType: 'mobile', clientName: 'Phone "1"',
  });
  await client.connect().subscribe(['photos']);
  assert.ok(Date.parse((await client.ping()).timestamp) > 0);
  const [seen] = JSON.parse(await host.get('/api/websocket/clients')).clients;
  assert.deepEqual([seen.client_type, seen.client_name], ['mobile', 'Phone "1"']);
});

test('what the host refuses to do rejects with its sentence', async (t) => {
  const host = await Host.start(t);
  const { client } = listen(t, host.url, overSocket);
  await client.connect().subscribe(['kitchen']);
  await assert.rejects(client.publish('', {}), /type/);
  await client.ping();
});

test('a handler that throws disturbs nobody', async (t) => {
  const host = await Host.start(t);
  const { client, events, errors } = listen(t, host.url, overSocket);
  client.onEvent('lunch', () => { throw new Error('burnt'); });
  await client.connect().subscribe(['kitchen']);
  await client.publish('lunch', {}, { channel: 'kitchen' });
  await client.publish('last', {}, { channel: 'kitchen' });
  await events.count(2);
  assert.deepEqual(errors.items.map((error) => error.message), ['burnt']);
});

test('what makes no sense is an error at once', () => {
  assert.throws(() => new JunmaiClient('localhost:5100'), /no address/);
  const client = new JunmaiClient('http://localhost:5100', overSocket);
  assert.throws(() => client.subscribe([]), /at least one channel/);
  assert.throws(() => client.subscribe(['jobs'], { since: 'here' }), /EPOCH:SEQ/);
  assert.throws(() => client.send({ type: 'x' }), /not connected/);
});
