"""Who waits for which reply. The host answers the messages of a client in their order, so that an
error belongs to the oldest one that has no answer yet."""
import asyncio
from collections import deque

from ._subscriptions import Message


class RefusedError(Exception):
    """What the host answered in place of a reply."""


class Replies:
    def __init__(self) -> None:
        self._asked: deque[tuple[str, asyncio.Future[Message]]] = deque()

    def __bool__(self) -> bool:
        return bool(self._asked)

    def expect(self, reply: str) -> "asyncio.Future[Message]":
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        # Who does not look at it is told by on_error.
        future.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._asked.append((reply, future))
        return future

    def settle(self, message: Message) -> None:
        """Hand a message to who waits for it."""
        if self._asked and self._asked[0][0] == message["type"]:
            _, future = self._asked.popleft()
            if not future.done():
                future.set_result(message)

    def refuse(self, error: RefusedError) -> None:
        if self._asked:
            self._fail(error)

    def abandon(self) -> None:
        """The connection has ended: nothing of it is answered any more."""
        while self._asked:
            self._fail(ConnectionError("the connection ended before the host answered"))

    def _fail(self, error: Exception) -> None:
        _, future = self._asked.popleft()
        if not future.done():
            future.set_exception(error)
