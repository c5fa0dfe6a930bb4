"""What a client asks of a host, what it is refused, and how connections end."""
import asyncio
import json

import websockets
from host import Collector, HostTest, main
from junmai import Client, ClosedError, RefusedError

WELCOME = json.dumps({"type": "connection_established", "client_id": 1, "epoch": "e", "seq": 1,
                      "server_time": "2026-01-01T00:00:00.000Z", "cursor": "e:1", "protocol": 1})


class Asking(HostTest):
    transport = "websocket"

    async def test_only_what_is_subscribed(self):
        host = await self.host()
        client = await self.client(host.url, transport=self.transport)
        lunches = Collector()
        client.on("lunch", lunches.add)
        await client.subscribe("kitchen", types=["lunch", "last"])
        await client.subscribe("cellar")
        await client.publish("lunch", {"at": "12:30"}, channel="kitchen")
        await client.publish("supper", channel="kitchen")
        await client.publish("bottle", channel="cellar")
        await client.publish("roof", channel="attic")
        await client.publish("alarm")
        await client.publish("last", channel="kitchen")
        await client.events.until(lambda events: events and events[-1]["type"] == "last")
        self.assertEqual([event["type"] for event in client.events],
                         ["lunch", "bottle", "alarm", "last"])
        self.assertEqual(lunches[0]["at"], "12:30")

        await client.unsubscribe("kitchen")
        await client.publish("lunch", channel="kitchen")
        await client.subscribe("attic")
        await client.publish("roof", channel="attic")
        await client.events.until(lambda events: events[-1]["type"] == "roof")
        self.assertEqual(len(lunches), 1)

    async def test_refused(self):
        host = await self.host()
        client = await self.client(host.url, transport=self.transport)
        await client.subscribe("kitchen")
        with self.assertRaisesRegex(RefusedError, "channel name"):
            await client.subscribe("No Such Name")
        await client.subscribe("cellar")
        self.assertEqual(list(client.places), ["kitchen", "cellar"])
        self.assertEqual(len(client.errors), 1)
        with self.assertRaisesRegex(RefusedError, "type"):
            await client.publish("")

    async def test_full_listener_makes_the_host_wait(self):
        host = await self.host()
        client = await self.client(host.url, transport=self.transport, backlog=5)
        listening = client.listen("kitchen")
        first = asyncio.ensure_future(anext(listening))
        await client.states.until(lambda states: states and states[-1][0] == "open")
        while not first.done():
            await client.publish("counted", {"n": -1}, channel="kitchen")
        for n in range(100):
            await client.publish("counted", {"n": n}, channel="kitchen", durable=True)
        self.assertLess(len(client.events), 100)
        got = []
        while not got or got[-1] != 99:
            got.append((await asyncio.wait_for(anext(listening), 60))["n"])
        self.assertEqual([n for n in got if n >= 0], list(range(100)))
        await listening.aclose()


class AskingOverStream(Asking):
    transport = "sse"


class Greeting(HostTest):
    async def test_register_and_ping(self):
        host = await self.host()
        client = await self.client(host.url.replace("http", "ws") + "/ws", client_type="gui",
                                   client_name="Desk \"1\"")
        await client.subscribe("photos")
        self.assertIn("timestamp", await client.ping())
        seen = json.loads(await host.get("/api/websocket/clients"))["clients"][0]
        self.assertEqual((seen["client_type"], seen["client_name"]), ("gui", "Desk \"1\""))

    async def test_no_sense(self):
        with self.assertRaisesRegex(ValueError, "no address"):
            Client("localhost:5100")
        client = Client("http://localhost:5100")
        with self.assertRaisesRegex(ValueError, "at least one channel"):
            await client.subscribe()
        with self.assertRaisesRegex(ValueError, "EPOCH:SEQ"):
            await client.subscribe("jobs", since="here")
        with self.assertRaisesRegex(ConnectionError, "not connected"):
            await client.send({"type": "x"})


class Closing(HostTest):
    async def closing_host(self, code, reason):
        """Welcomes each client and ends the first connection in that way; counts them."""
        self.connections = 0
        self.tokens = []

        async def serve(socket, _path=None):
            self.connections += 1
            self.tokens.append(socket.request_headers.get("Authorization"))
            await socket.send(WELCOME)
            if self.connections == 1:
                await socket.close(code, reason)
            await socket.wait_closed()

        server = await websockets.serve(serve, "127.0.0.1", 0)
        self.addCleanup(server.close)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def test_comes_back(self):
        for code, reason in ((1001, "retry_ms=150"), (1012, ""), (4408, "stalled")):
            client = await self.client(await self.closing_host(code, reason))
            await client.states.until(lambda s: [name for name, _ in s].count("open") == 2)
            ended = next(ended for name, ended in client.states if name == "waiting")
            self.assertEqual((ended.code, ended.reason), (code, reason))

    async def test_stays_closed(self):
        for code in (4401, 4403):
            client = await self.client(await self.closing_host(code, "no"), token="old")
            with self.assertRaisesRegex(ClosedError, str(code)):
                await client.subscribe("jobs")
            self.assertEqual(client.state, "closed")

    async def test_asks_for_a_new_token(self):
        numbers = iter(range(1, 100))
        client = await self.client(await self.closing_host(4401, "expired"),
                                   token=lambda: f"token {next(numbers)}")
        await client.states.until(lambda s: [name for name, _ in s].count("open") == 2)
        self.assertEqual(self.tokens, ["Bearer token 1", "Bearer token 2"])

    async def test_silent_host(self):
        client = await self.client(await self.closing_host_that_is_silent(), ping_s=0.03,
                                   patience_s=0.5)
        await client.states.until(lambda s: [name for name, _ in s].count("open") == 2)
        ended = next(ended for name, ended in client.states if name == "waiting")
        self.assertRegex(ended.reason, "silent")

    async def closing_host_that_is_silent(self):
        async def serve(socket, _path=None):
            await socket.send(WELCOME)
            await socket.wait_closed()

        server = await websockets.serve(serve, "127.0.0.1", 0)
        self.addCleanup(server.close)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


if __name__ == "__main__":
    main()
