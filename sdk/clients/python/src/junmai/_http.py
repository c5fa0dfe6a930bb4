"""HTTP/1.1 as far as this client needs it: one request, and its answer piece by piece."""
import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlsplit

_LINE_MAX = 65536


class Response:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.status = 0
        self.headers: dict[str, str] = {}

    async def read_head(self) -> None:
        words = (await self._line()).split(" ", 2)
        if len(words) < 2 or not words[1].isdigit():
            raise ConnectionError("the answer is not HTTP")
        self.status = int(words[1])
        while line := await self._line():
            name, _, value = line.partition(":")
            self.headers[name.strip().lower()] = value.strip()

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body, until the host or `abort` ends it."""
        if self.headers.get("transfer-encoding", "").lower() == "chunked":
            while count := int((await self._line()).split(";")[0], 16):
                yield await self._reader.readexactly(count)
                await self._reader.readexactly(2)
        elif "content-length" in self.headers:
            yield await self._reader.readexactly(int(self.headers["content-length"]))
        else:
            while piece := await self._reader.read(_LINE_MAX):
                yield piece

    async def body(self) -> bytes:
        return b"".join([piece async for piece in self.pieces()])

    def abort(self) -> None:
        self._writer.transport.abort()

    async def _line(self) -> str:
        line = await self._reader.readline()
        if not line.endswith(b"\n"):
            raise ConnectionError("the host ended the answer early")
        return line.decode("latin-1").rstrip("\r\n")


async def request(url: str, headers: Mapping[str, str], body: bytes | None = None) -> Response:
    """GET, or with a body POST. `abort` of the response is due."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    reader, writer = await asyncio.open_connection(
        parts.hostname, parts.port or (443 if secure else 80),
        ssl=ssl.create_default_context() if secure else None, limit=_LINE_MAX)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{'GET' if body is None else 'POST'} {target} HTTP/1.1", f"Host: {parts.netloc}",
             "Connection: close", *(f"{name}: {value}" for name, value in headers.items())]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    response = Response(reader, writer)
    try:
        writer.write("\r\n".join([*lines, "", ""]).encode() + (body or b""))
        await writer.drain()
        await response.read_head()
    except BaseException:
        response.abort()
        raise
    return response
