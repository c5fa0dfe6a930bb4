"""A connection over WebSocket, by the package websockets."""
from collections.abc import Mapping
from typing import Any

from ._retry import EXPIRED, FORBIDDEN, LOST, TOO_MANY, Ended

try:
    import websockets
    from websockets.exceptions import ConnectionClosed
    AVAILABLE = True
except ImportError:
    AVAILABLE = False

_CODES = {401: EXPIRED, 403: FORBIDDEN, 429: TOO_MANY}
_MAJOR_WITH_ADDITIONAL_HEADERS = 14


class Socket:
    can_send = True

    def __init__(self, socket: Any) -> None:
        self._socket = socket

    async def receive(self) -> str | None:
        try:
            text = await self._socket.recv()
        except ConnectionClosed as closed:
            raise _ending(closed) from None
        return text if isinstance(text, str) else bytes(text).decode()

    async def send(self, text: str) -> None:
        try:
            await self._socket.send(text)
        except ConnectionClosed as closed:
            raise _ending(closed) from None

    async def close(self) -> None:
        await self._socket.close()


def _ending(closed: "ConnectionClosed") -> Ended:
    if closed.rcvd is None:
        return Ended(LOST, "the connection was lost")
    return Ended(closed.rcvd.code, closed.rcvd.reason)


async def open_socket(url: str, headers: Mapping[str, str]) -> Socket:
    major = int(getattr(websockets, "__version__", "0").split(".")[0])
    name = "additional_headers" if major >= _MAJOR_WITH_ADDITIONAL_HEADERS else "extra_headers"
    settings: dict[str, Any] = {name: headers}
    connect: Any = getattr(websockets, "connect")
    try:
        # The client asks for signs of life itself; a message may be as large as the host likes.
        return Socket(await connect(
            url, ping_interval=None, close_timeout=1, max_size=None, **settings))
    except websockets.exceptions.InvalidHandshake as error:
        status: int = getattr(error, "status_code", 0)
        status = status or getattr(getattr(error, "response", None), "status_code", 0)
        raise Ended(_CODES.get(status, LOST), str(error)) from None
