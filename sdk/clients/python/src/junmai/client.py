"""The client: subscriptions that outlive connections, and events that arrive once.

One task reads from the host, hands messages to handlers and to the queues of `listen`, and stops
reading while these are full: then the host is what waits, and knows what to do with a slow client.
"""
import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from . import _retry, _socket
from ._connection import Connection
from ._http import request
from ._replies import RefusedError, Replies
from ._retry import Ended
from ._stream import open_stream
from ._subscriptions import Message, Place, Subscriptions

Handler = Callable[[Any], Any]
Token = str | Callable[[], str | Awaitable[str]]

_LOST, _ERROR, _STATE = "\0lost", "\0error", "\0state"
_log = logging.getLogger("junmai")


class ClosedError(Exception):
    """The client was closed, or the host says that coming back is no use."""


class Client:
    """`token`: a bearer token, or what gets one, which is asked again for each connection.
    `transport`: "auto" is WebSocket where the package websockets is installed, else server-sent
    events; or "websocket", "sse". `retry_first_s`, `retry_most_s`: waits between attempts to connect.
    `ping_s`, `patience_s`: when a silent host is asked whether it is there, and how long it may take.
    `backlog`: events that may wait in `listen` before nothing more is read."""

    def __init__(self, url: str, *, client_type: str | None = None, client_name: str | None = None,
                 token: Token | None = None, transport: str = "auto", retry_first_s: float = 0.5,
                 retry_most_s: float = 30, ping_s: float = 20, patience_s: float = 10,
                 backlog: int = 1024) -> None:
        if urlsplit(url).scheme not in ("http", "https", "ws", "wss"):
            raise ValueError(f"{url!r} is no address of a host: write http://localhost:5100")
        if transport == "websocket" and not _socket.AVAILABLE:
            raise ValueError("the package websockets is missing: install it, or use the transport "
                             "\"sse\"")
        self._base = url.replace("ws", "http", 1) if url.startswith("ws") else url
        self._base = self._base.rstrip("/").removesuffix("/ws")
        self._profile = {"client_type": client_type, "client_name": client_name}
        self._token = token
        self._has_socket = transport != "sse" and _socket.AVAILABLE
        self._retry = (retry_first_s, retry_most_s)
        self._ping_s, self._patience_s, self._backlog = ping_s, patience_s, backlog
        self._subscriptions = Subscriptions()
        self._replies = Replies()
        self._handlers: defaultdict[str, list[Handler]] = defaultdict(list)
        self._waiting: list[tuple[set[str], asyncio.Future[None]]] = []
        self._queues: list[tuple[set[str], asyncio.Queue[Message | None]]] = []
        self._room = asyncio.Event()    # set: the next message may be read
        self._wanted = asyncio.Event()  # set: there is something to listen to
        self._connection: Connection | None = None
        self._changed = False  # a stream is to be opened anew, with other channels
        self._task: asyncio.Task[None] | None = None
        self._closed_by = "the client was closed"
        self.state = "idle"

    async def __aenter__(self) -> Self:
        self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def places(self) -> dict[str, str]:
        """The cursor of each channel: keep it, and give it to `since` in another life."""
        return self._subscriptions.places

    def connect(self) -> None:
        """Connect, and stay connected until `close`. `async with` does both."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._finish()

    def on(self, event_type: str, handler: Handler) -> None:
        """Call a function for each event of a type, or with "*" of every type."""
        self._handlers[event_type].append(handler)

    def on_lost(self, handler: Callable[[Message], Any]) -> None:
        """Events may have been lost: reload your state. `missed` is the range of seq; without it
        everything before may be missing."""
        self._handlers[_LOST].append(handler)

    def on_error(self, handler: Callable[[Exception], Any]) -> None:
        """The host refused a message, or a handler raised."""
        self._handlers[_ERROR].append(handler)

    def on_state(self, handler: Callable[[str, Ended | None], Any]) -> None:
        """The state, "connecting", "open", "waiting" or "closed", and how a connection ended."""
        self._handlers[_STATE].append(lambda told: handler(*told))

    async def subscribe(self, *channels: str, types: Iterable[str] | None = None,
                        since: str | Mapping[str, str] | None = None) -> None:
        """Listen to channels, now and after each reconnect; returns when the host has confirmed it.
        `types`: only these events. `since`: a cursor, or `places` of an earlier life."""
        if not channels:
            raise ValueError("subscribe needs at least one channel: \"*\" is all of them")
        if self.state == "closed":
            raise ClosedError(self._closed_by)
        for channel in channels:
            cursor = since.get(channel) if isinstance(since, Mapping) else since
            self._subscriptions.add(channel, None if types is None else list(types),
                                    Place.parse(cursor) if cursor else None)
        confirmed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((set(channels), confirmed))
        self._update()
        if self._has_socket and self.state == "open":
            with suppress(Ended):  # the next connection subscribes it
                await self._send_subscribe(channels)
        await self._reopen_stream()
        await confirmed

    async def unsubscribe(self, *channels: str) -> None:
        self._subscriptions.remove(channels)
        self._update()
        if self._has_socket and self.state == "open":
            await self._ask({"type": "unsubscribe", "channels": channels},
                            "unsubscription_confirmed")
        await self._reopen_stream()

    async def listen(self, *channels: str, types: Iterable[str] | None = None,
                     since: str | Mapping[str, str] | None = None) -> AsyncIterator[Message]:
        """The events of channels, which are subscribed, and those for everyone, one by one."""
        queue: asyncio.Queue[Message | None] = asyncio.Queue()
        entry = (set(channels), queue)
        self._queues.append(entry)
        try:
            await self.subscribe(*channels, types=types, since=since)
            while (event := await queue.get()) is not None:
                self._update()
                yield event
            raise ClosedError(self._closed_by)
        finally:
            self._queues.remove(entry)
            self._update()

    async def ping(self) -> Message:
        return await self._ask({"type": "ping"}, "pong")

    async def send(self, message: Message) -> None:
        """Send a message that a plugin of the host handles; what it answers comes to `on`."""
        if self.state != "open" or self._connection is None:
            raise ConnectionError(f"the client is not connected ({self.state})")
        await self._connection.send(json.dumps(message))

    async def publish(self, event_type: str, data: Mapping[str, Any] | None = None, *,
                      channel: str | None = None, durable: bool = False) -> None:
        """Send an event to a channel, or to every client."""
        order = {"message": {**(data or {}), "type": event_type}, "channel": channel,
                 "durable": durable}
        response = await request(f"{self._base}/api/websocket/broadcast",
                                 await self._authorization(), json.dumps(order).encode())
        try:
            body = await response.body()
        finally:
            response.abort()
        if response.status != 200:
            raise RefusedError(json.loads(body).get("error", f"HTTP {response.status}"))

    # The task that reads.

    async def _run(self) -> None:
        failures = 0
        try:
            while True:
                if not self._has_socket:
                    await self._wanted.wait()  # a stream without channels is one of all of them
                self._change("connecting")
                ended, welcomed = await self._one_connection()
                if self._changed:
                    continue
                if not _retry.may_retry(ended, callable(self._token)):
                    self._finish(ended)
                    return
                failures = 0 if welcomed else failures
                self._change("waiting", ended)
                await asyncio.sleep(_retry.delay_s(ended, failures, *self._retry))
                failures += 1
        except Exception as error:  # a fault of the client itself: nobody may wait for ever
            self._report(error)
            self._finish()

    async def _one_connection(self) -> tuple[Ended, bool]:
        """Returns how it ended, and whether it was of any use."""
        connection = None
        welcomed = False
        try:
            async with asyncio.timeout(self._patience_s):
                connection = await self._open()
            self._connection = connection
            while not self._changed:
                await self._room.wait()
                text = await self._receive(connection)
                if text is not None:
                    await self._take(text)
                    welcomed = True
            return Ended(_retry.LOST, "the subscriptions have changed"), welcomed
        except Ended as ended:
            return ended, welcomed
        except (OSError, EOFError, TimeoutError) as error:
            return Ended(_retry.LOST, str(error) or type(error).__name__), welcomed
        finally:
            self._connection = None
            self._replies.abandon()
            if connection is not None:
                await connection.close()

    async def _open(self) -> Connection:
        headers = await self._authorization()
        self._changed = False
        if self._has_socket:
            return await _socket.open_socket(self._base.replace("http", "ws", 1) + "/ws", headers)
        query = {"channels": ",".join(self._subscriptions)}
        if (types := self._subscriptions.types) is not None:
            query["types"] = ",".join(types)
        if (oldest := self._subscriptions.oldest) is not None:
            query["since"] = str(oldest)
        return await open_stream(f"{self._base}/events?{urlencode(query)}", headers)

    async def _receive(self, connection: Connection) -> str | None:
        """A host that is silent is asked whether it is still there, once."""
        try:
            return await asyncio.wait_for(connection.receive(), self._ping_s)
        except TimeoutError:
            if connection.can_send:
                await connection.send("{\"type\":\"ping\"}")
        try:
            return await asyncio.wait_for(connection.receive(), self._patience_s)
        except TimeoutError:
            raise Ended(_retry.LOST, "the host was silent for too long") from None

    async def _take(self, text: str) -> None:
        try:
            message = json.loads(text)
            kind = message["type"]
        except (ValueError, TypeError, KeyError):
            self._report(ValueError(f"the host sent what is no message: {text[:80]}"))
            return
        if kind == "connection_established":
            await self._welcome(message)
        elif kind == "subscription_confirmed":
            self._confirm(message)
        elif kind == "events_missed":
            self._call(_LOST, message)
        elif kind == "error":
            await self._refused(RefusedError(message.get("error", "")))
        elif "seq" not in message:
            self._replies.settle(message)
            self._call(kind, message)
        elif self._subscriptions.take(message):
            self._deliver(message)
        self._update()

    async def _welcome(self, message: Message) -> None:
        self._subscriptions.welcome(Place(message["epoch"], message["seq"]))
        self._change("open")
        if self._has_socket:
            profile = {name: value for name, value in self._profile.items() if value is not None}
            if profile:
                self._replies.expect("registration_confirmed")
                await self.send({"type": "register", **profile})
            await self._send_subscribe(self._subscriptions)

    async def _send_subscribe(self, channels: Iterable[str]) -> None:
        for group in self._subscriptions.groups(list(channels)):
            reply = self._replies.expect("subscription_confirmed")
            reply.add_done_callback(partial(self._judge, group.channels))
            await self.send(group.message())

    def _judge(self, channels: list[str], reply: "asyncio.Future[Message]") -> None:
        """A subscription that the host refuses is not tried again; one that was cut off is."""
        error = None if reply.cancelled() else reply.exception()
        if isinstance(error, RefusedError):
            self._drop(channels, error)

    def _drop(self, channels: Iterable[str], error: RefusedError) -> None:
        self._subscriptions.remove(channels)
        refused = [entry for entry in self._waiting if not entry[0].isdisjoint(channels)]
        self._waiting = [entry for entry in self._waiting if entry not in refused]
        for _, future in refused:
            if not future.done():
                future.set_exception(error)

    async def _refused(self, error: RefusedError) -> None:
        self._report(error)
        if self._has_socket:
            self._replies.refuse(error)
        else:
            # A stream is asked for as a whole: what was not confirmed yet is to blame.
            self._drop({name for names, _ in self._waiting for name in names}, error)
            self._changed = True
            raise Ended(_retry.LOST, str(error))

    def _confirm(self, message: Message) -> None:
        if not self._subscriptions.confirm(message):
            self._call(_LOST, message)
        self._replies.settle(message)
        for channels, future in self._waiting:
            channels.difference_update(message["channels"])
            if not channels and not future.done():
                future.set_result(None)
        self._waiting = [entry for entry in self._waiting if entry[0]]

    def _deliver(self, event: Message) -> None:
        self._call("*", event)
        self._call(event["type"], event)
        channel = event.get("channel")
        for channels, queue in self._queues:
            if channel is None or channel in channels or "*" in channels:
                queue.put_nowait(event)

    # Small things that the above is made of.

    async def _ask(self, message: Message, reply: str) -> Message:
        future = self._replies.expect(reply)
        self._update()
        await self.send(message)
        return await future

    async def _authorization(self) -> dict[str, str]:
        token = self._token() if callable(self._token) else self._token
        if token is not None and not isinstance(token, str):
            token = await token
        return {} if token is None else {"Authorization": f"Bearer {token}"}

    async def _reopen_stream(self) -> None:
        if not self._has_socket:
            self._changed = True
            if self._connection is not None:
                await self._connection.close()

    def _update(self) -> None:
        """Nothing is read while listeners are full, unless somebody waits for a reply."""
        queued = sum(queue.qsize() for _, queue in self._queues)
        has_room = queued < self._backlog or bool(self._replies) or bool(self._waiting)
        (self._room.set if has_room else self._room.clear)()
        (self._wanted.set if self._subscriptions else self._wanted.clear)()

    def _change(self, state: str, ended: Ended | None = None) -> None:
        self.state = state
        self._update()
        self._call(_STATE, (state, ended))

    def _finish(self, ended: Ended | None = None) -> None:
        self._replies.abandon()
        self._closed_by = str(ended or "the client was closed")
        for _, future in self._waiting:
            if not future.done():
                future.set_exception(ClosedError(self._closed_by))
        self._waiting = []
        for _, queue in self._queues:
            queue.put_nowait(None)
        self._change("closed", ended)

    def _call(self, name: str, value: Any) -> None:
        for handler in list(self._handlers[name]):
            try:
                handler(value)
            except Exception as error:
                self._report(error)

    def _report(self, error: Exception) -> None:
        handlers = self._handlers[_ERROR]
        if not handlers:
            _log.error("%s", error, exc_info=error)
        for handler in handlers:
            handler(error)
