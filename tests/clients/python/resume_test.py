"""What survives a host that is killed and started again, over both transports."""
import asyncio

from host import HostTest, main

ROUNDS = 3
PER_ROUND = 200


async def publish(client, first, count):
    """Durable events, one after another, until one fails."""
    for n in range(first, first + count):
        await client.publish("counted", {"n": n}, channel="kitchen", durable=True)


class Resume(HostTest):
    transport = "websocket"

    async def ledger(self, host, since):
        """What the host itself has of a channel since a cursor."""
        client = await self.client(host.url)
        await client.subscribe("kitchen", since=since)
        await client.publish("end", channel="kitchen", durable=True)
        await client.events.until(lambda events: events and events[-1]["type"] == "end")
        return [event["seq"] for event in client.events]

    async def test_killed_host(self):
        host = await self.host()
        client = await self.client(host.url, transport=self.transport)
        await client.subscribe("kitchen")
        since = client.places["kitchen"]
        for number in range(ROUNDS):
            sending = asyncio.create_task(publish(client, number * PER_ROUND, PER_ROUND))
            await client.events.count(len(client.events) + PER_ROUND // 4)
            await host.kill()
            await asyncio.gather(sending, return_exceptions=True)
            await host.start()
        truth = await self.ledger(host, since)
        await client.events.until(lambda events: events[-1]["type"] == "end")
        self.assertEqual([event["seq"] for event in client.events], truth)
        self.assertEqual(client.lost, [])

    async def test_another_life(self):
        host = await self.host()
        client = await self.client(host.url, transport=self.transport)
        await client.subscribe("kitchen")
        await publish(client, 0, 1)
        await client.events.count(1)
        await host.kill()
        host.forget()
        await host.start()
        await client.lost.count(1)
        self.assertNotIn("missed", client.lost[0])
        await publish(client, 1, 1)
        await client.events.count(2)
        self.assertEqual([event["n"] for event in client.events], [0, 1])
        self.assertTrue(client.places["kitchen"].startswith(client.lost[0]["epoch"]))

    async def test_places(self):
        host = await self.host()
        first = await self.client(host.url, transport=self.transport)
        await first.subscribe("kitchen", "cellar")
        await publish(first, 0, 2)
        await first.events.count(2)
        places = first.places
        await first.close()
        await publish(first, 2, 2)
        second = await self.client(host.url, transport=self.transport)
        await second.subscribe("kitchen", "cellar", since=places)
        await second.events.count(2)
        self.assertEqual([event["n"] for event in second.events], [2, 3])


class ResumeOverStream(Resume):
    transport = "sse"


if __name__ == "__main__":
    main()
