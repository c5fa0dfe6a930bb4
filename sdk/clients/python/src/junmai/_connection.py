"""A connection to the host, over whatever it goes."""
from typing import Protocol


class Connection(Protocol):
    can_send: bool

    async def receive(self) -> str | None:
        """The next message, or None for a sign of life. Raises Ended, and may be cancelled."""

    async def send(self, text: str) -> None:
        """Raises Ended."""

    async def close(self) -> None:
        ...
