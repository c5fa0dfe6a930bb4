/* What survives a host that is killed and started again, over both transports. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Host, listen, overSocket, overStream } from './host.mjs';

const ROUNDS = 3;
const PER_ROUND = 200;

/** Durable events, one after another, until one fails. */
async function publish(client, from, count) {
  for (let n = from; n < from + count; n++) {
    await client.publish('counted', { n }, { channel: 'kitchen', durable: true });
  }
}

/** What the host itself has of a channel since a cursor. */
async function ledger(t, host, since) {
  const { client, events } = listen(t, host.url, overSocket);
  await client.connect().subscribe(['kitchen'], { since });
  await client.publish('end', {}, { channel: 'kitchen', durable: true });
  await events.until('the end', (items) => items.at(-1)?.type === 'end');
  return events.items.map((event) => event.seq);
}

for (const [name, transport] of Object.entries({ overSocket, overStream })) {
  test(`a killed host loses and doubles nothing (${name})`, async (t) => {
    const host = await Host.start(t);
    const { client, events, lost } = listen(t, host.url, transport);
    await client.connect().subscribe(['kitchen']);
    const { kitchen: since } = client.places;
    for (let round = 0; round < ROUNDS; round++) {
      const sending = publish(client, round * PER_ROUND, PER_ROUND).catch(() => undefined);
      const had = events.items.length;
      await events.count(had + PER_ROUND / 4);
      await host.kill();
      await sending;
      await host.restart();
    }
    await publish(client, ROUNDS * PER_ROUND, 1);
    await events.until('the last', (items) => items.at(-1)?.n === ROUNDS * PER_ROUND);
    const truth = await ledger(t, host, since);
    await events.until('the end', (items) => items.at(-1)?.type === 'end');
    assert.deepEqual(events.items.map((event) => event.seq), truth);
    assert.deepEqual(lost.items, []);
  });

  test(`another life of the host is told (${name})`, async (t) => {
    const host = await Host.start(t);
    const { client, events, lost } = listen(t, host.url, transport);
    await client.connect().subscribe(['kitchen']);
    await publish(client, 0, 1);
    await events.count(1);
    await host.kill();
    host.forget();
    await host.restart();
    const [loss] = await lost.count(1);
    assert.equal(loss.recovered, false);
    assert.equal(loss.missed, undefined);
    await publish(client, 1, 1);
    await events.count(2);
    assert.deepEqual(events.items.map((event) => event.n), [0, 1]);
    assert.ok(client.places.kitchen.startsWith(loss.epoch));
  });

  test(`events in memory are lost with a range (${name})`, async (t) => {
    const host = await Host.start(t, { args: ['--plugin-dir', process.env.JUNMAI_DIARY] });
    const { client, events, lost } = listen(t, host.url, transport);
    await client.connect().subscribe(['diary']);
    await host.post('/diary', { type: 'entry', n: 1 });
    await events.count(1);
    await host.kill();
    await host.restart();
    const [loss] = await lost.count(1);
    assert.ok(loss.missed.from > events.items[0].seq && loss.missed.to >= loss.missed.from);
    await host.post('/diary', { type: 'entry', n: 2 });
    await events.count(2);
  });

  test(`places are resumed by another client (${name})`, async (t) => {
    const host = await Host.start(t);
    const first = listen(t, host.url, transport);
    await first.client.connect().subscribe(['kitchen', 'cellar']);
    await publish(first.client, 0, 2);
    await first.events.count(2);
    const places = first.client.places;
    first.client.close();
    await publish(first.client, 2, 2);
    const second = listen(t, host.url, transport);
    await second.client.connect().subscribe(['kitchen', 'cellar'], { since: places });
    await second.events.count(2);
    assert.deepEqual(second.events.items.map((event) => event.n), [2, 3]);
  });
}
