"""How connections end, and when to connect again: when the host asks for it, else later and later,
never all clients at once."""
import random
import re
from dataclasses import dataclass

GOING_DOWN = 1001
LOST = 1006
EXPIRED = 4401
FORBIDDEN = 4403
STALLED = 4408
TOO_MANY = 4429

_TOO_MANY_LEAST_S = 5.0
_RETRY_MS = re.compile(r"\bretry_ms=(\d{1,8})\b")


@dataclass
class Ended(Exception):
    """A connection has ended. Code 1006: without a word."""

    code: int
    reason: str

    def __str__(self) -> str:
        return f"{self.code} {self.reason}"


def delay_s(ended: Ended, failures: int, first_s: float, most_s: float) -> float:
    """The wait before the attempt after `failures` failed ones."""
    asked = _RETRY_MS.search(ended.reason)
    if asked and failures == 0:
        return int(asked[1]) / 1000
    wait = min(most_s, first_s * 2.0 ** min(failures, 30)) * random.uniform(0.5, 1)
    return max(wait, _TOO_MANY_LEAST_S) if ended.code == TOO_MANY else wait


def may_retry(ended: Ended, can_renew_token: bool) -> bool:
    """Whether connecting again can help; an expired token only where there is a way to a new one."""
    return ended.code != FORBIDDEN and (ended.code != EXPIRED or can_renew_token)
