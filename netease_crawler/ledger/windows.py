"""How many requests were sent within any so many seconds, and how many may have been."""

from __future__ import annotations

import math
from collections import Counter, deque
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final, NamedTuple

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
LATENESS: Final = 250
"""Milliseconds by which one request may be later than another one after its turn."""


class Sender(NamedTuple):
    """A worker, and what it sent a request by."""

    worker: str
    rate: float
    """CRAWL_RATE: requests per second of all workers together, 0 = no limit."""
    precision: int
    """Milliseconds by which the time of the request may be wrong, earlier or later."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Excess:
    """A window in which there were more requests than may be."""

    seconds: float
    began_at: datetime
    requests: int
    allowed: int
    rate: float
    workers: int
    """Those that sent any of the requests."""

    @property
    def line(self) -> str:
        """Say it in a line."""
        milliseconds = self.began_at.microsecond // 1000
        return (
            f"{self.requests} requests in the {self.seconds:g} s from"
            f" {self.began_at:%Y-%m-%d %H:%M:%S}.{milliseconds:03} UTC on;"
            f" {self.allowed} may be, at {self.rate:g} a second, workers: {self.workers}"
        )


class Window:
    """The most requests in any window of one length, of requests that come in order.

    A rate allows so many as it says for the length, and besides: one for each worker in the
    window, as each keeps a distance of its own between requests, and all may have one at the
    window's edge; and those of ``LATENESS`` (a busy worker sends one request late and the next
    one in time) and of twice the precision of the times.
    """

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds
        self.most = 0
        self.excess: Excess | None = None
        """The window with the most requests too many, None where there is none."""
        self._requests: deque[tuple[int, Sender]] = deque()
        self._senders: Counter[Sender] = Counter()

    def add(self, at: int, sender: Sender) -> None:
        """Take a request of *at* (milliseconds since 1970), no earlier than the one before."""
        self._requests.append((at, sender))
        self._senders[sender] += 1
        while at - self._requests[0][0] >= self.milliseconds:
            _, first = self._requests.popleft()
            self._senders[first] -= 1
            if not self._senders[first]:
                del self._senders[first]
        self.most = max(self.most, len(self._requests))
        self._judge()

    def _judge(self) -> None:
        requests = len(self._requests)
        rate = max(sender.rate or math.inf for sender in self._senders)
        if requests <= rate * self.milliseconds / 1000:  # mostly so
            return
        precision = max(sender.precision for sender in self._senders)
        workers = len({sender.worker for sender in self._senders})
        seconds = (self.milliseconds + LATENESS + 2 * precision) / 1000
        allowed = math.floor(rate * seconds) + workers
        known = self.excess.requests - self.excess.allowed if self.excess else 0
        if requests - allowed > known:
            self.excess = Excess(
                seconds=self.milliseconds / 1000,
                began_at=instant(self._requests[0][0]),
                requests=requests,
                allowed=allowed,
                rate=rate,
                workers=workers,
            )


def instant(milliseconds: int) -> datetime:
    """Return the time that is so many *milliseconds* after 1970 began, in UTC."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def milliseconds(at: datetime) -> int:
    """Return how many milliseconds after 1970 began *at* is."""
    return (at - _EPOCH) // timedelta(milliseconds=1)
