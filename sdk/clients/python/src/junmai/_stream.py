"""A connection over server-sent events: for where there is no package for WebSocket. It only
listens."""
import asyncio
from collections import deque
from collections.abc import Mapping

from ._http import Response, request
from ._retry import EXPIRED, FORBIDDEN, GOING_DOWN, LOST, TOO_MANY, Ended

_CODES = {401: EXPIRED, 403: FORBIDDEN, 429: TOO_MANY}


class SseParser:
    """Messages from pieces that end anywhere."""

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[str] = []
        self.messages: deque[str] = deque()
        self.retry_ms: int | None = None  # said behind the first message: the host goes down
        self._started = False

    def feed(self, piece: bytes) -> None:
        *lines, self._rest = (self._rest + piece).split(b"\n")
        for line in lines:
            self._line(line.rstrip(b"\r").decode())

    def _line(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line and self._data:
            self.messages.append("\n".join(self._data))
            self._data = []
            self._started = True
        elif name == "data":
            self._data.append(value)
        elif name == "retry" and value.isdecimal() and self._started:
            self.retry_ms = int(value)


class Stream:
    can_send = False

    def __init__(self, response: Response) -> None:
        self._response = response
        self._pieces = response.pieces()
        self._parser = SseParser()
        self._next: asyncio.Task[bytes] | None = None

    async def receive(self) -> str | None:
        if not self._parser.messages:
            self._parser.feed(await self._piece())
        return self._parser.messages.popleft() if self._parser.messages else None

    async def _piece(self) -> bytes:
        """A read that is cancelled goes on behind the scenes, for the next call."""
        self._next = self._next or asyncio.ensure_future(self._read())
        piece = await asyncio.shield(self._next)
        self._next = None
        return piece

    async def _read(self) -> bytes:
        try:
            return await anext(self._pieces)
        except (StopAsyncIteration, OSError, EOFError, ValueError):
            retry_ms = self._parser.retry_ms
            if retry_ms is not None:
                raise Ended(GOING_DOWN, f"retry_ms={retry_ms}") from None
            raise Ended(LOST, "the stream has ended") from None

    async def send(self, text: str) -> None:
        raise RuntimeError("Over server-sent events nothing can be sent: install the package "
                           "websockets")

    async def close(self) -> None:
        self._response.abort()
        if self._next is not None:
            await asyncio.gather(self._next, return_exceptions=True)


async def open_stream(url: str, headers: Mapping[str, str]) -> Stream:
    response = await request(url, headers)
    if response.status != 200:
        response.abort()
        seconds = response.headers.get("retry-after", "")
        retry = f" retry_ms={int(seconds) * 1000}" if seconds.isdecimal() else ""
        raise Ended(_CODES.get(response.status, LOST), f"HTTP {response.status}{retry}")
    return Stream(response)
