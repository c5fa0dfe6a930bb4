"""What is subscribed, and how far each channel has been read: the memory that makes an event arrive
once, whatever happens to connections.

A channel has its own place, because the host replays channels that are resumed from different places
apart from each other.
"""
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

Message = dict[str, Any]

_CURSOR = re.compile(r"([^:]+):(\d{1,16})")


@dataclass
class Place:
    epoch: str
    seq: int

    @classmethod
    def parse(cls, cursor: str) -> "Place":
        parts = _CURSOR.fullmatch(cursor)
        if not parts:
            raise ValueError(f"A cursor has the form EPOCH:SEQ, which {cursor!r} has not")
        return cls(parts[1], int(parts[2]))

    def __str__(self) -> str:
        return f"{self.epoch}:{self.seq}"


@dataclass
class Subscription:
    channel: str
    types: list[str] | None = None  # only these event types
    place: Place | None = None      # read up to here; None: it begins with the next confirmation

    def wants(self, event: Message) -> bool:
        return self.types is None or event["type"] in self.types


@dataclass
class Group:
    """Channels that can be resumed by one message."""

    types: list[str] | None
    since: Place | None
    channels: list[str] = field(default_factory=list)

    def message(self) -> Message:
        message: Message = {"type": "subscribe", "channels": self.channels}
        if self.types is not None:
            message["types"] = self.types
        if self.since is not None:
            message["since"] = str(self.since)
        return message


class Subscriptions:
    def __init__(self) -> None:
        self._held: dict[str, Subscription] = {}
        self._everyone: Subscription = Subscription("")  # events without a channel
        self._epoch = ""

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __bool__(self) -> bool:
        return bool(self._held)

    def add(self, channel: str, types: list[str] | None, since: Place | None) -> None:
        """A type filter or a cursor that is not given leaves what there is."""
        held = self._held.setdefault(channel, Subscription(channel))
        held.types = types if types is not None else held.types
        held.place = replace(since) if since is not None else held.place

    def remove(self, channels: Iterable[str]) -> None:
        for channel in channels:
            self._held.pop(channel, None)

    def groups(self, channels: Iterable[str]) -> list[Group]:
        """What to send to subscribe these channels; the oldest place first, which brings along the
        events for everyone since then."""
        groups: dict[tuple[str, str], Group] = {}
        for held in [self._held[channel] for channel in channels if channel in self._held]:
            key = (repr(held.types), str(held.place))
            since = replace(held.place) if held.place else None
            groups.setdefault(key, Group(held.types, since)).channels.append(held.channel)
        return sorted(groups.values(), key=lambda g: g.since.seq if g.since else float("inf"))

    def welcome(self, head: Place) -> None:
        """A connection begins, to a host whose newest event is at this place."""
        self._epoch = head.epoch
        if self._everyone.place is None or self._everyone.place.epoch != head.epoch:
            self._everyone.place = replace(head)

    def confirm(self, message: Message) -> bool:
        """Take a confirmation. False where it says that events may be lost."""
        lost = message.get("recovered") is False
        for channel in message["channels"]:
            held = self._held.get(channel)
            if held and (held.place is None or (lost and "missed" not in message)):
                held.place = Place(message["epoch"], message["seq"])
        return not lost

    def take(self, event: Message) -> bool:
        """Note that an event has arrived. False where it has arrived before, or nobody wants it."""
        is_new = False
        for held in self._covering(event.get("channel")):
            place = held.place
            if place and (place.epoch != self._epoch or place.seq < event["seq"]):
                held.place = Place(self._epoch, event["seq"])
                is_new = is_new or held.wants(event)
        return is_new

    def _covering(self, channel: str | None) -> list[Subscription]:
        if channel is None:
            return [self._everyone]
        names = [channel] if channel.startswith("_") else [channel, "*"]
        return [self._held[name] for name in names if name in self._held]

    @property
    def oldest(self) -> Place | None:
        """Where to resume all of it at once."""
        places: list[Place] = [held.place for held in self._held.values() if held.place]
        return min(places, key=lambda place: place.seq) if places else None

    @property
    def types(self) -> list[str] | None:
        """The types that all subscriptions together want; None: every type."""
        wanted: dict[str, None] = {}
        for held in self._held.values():
            if held.types is None:
                return None
            wanted.update(dict.fromkeys(held.types))
        return list(wanted)

    @property
    def places(self) -> dict[str, str]:
        return {held.channel: str(held.place) for held in self._held.values() if held.place}
