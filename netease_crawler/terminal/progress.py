"""How far a long command is, now and then, and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Callable

_EVERY = 3.0  # seconds


class Progress:
    """Says ``2,000 of 10,000 articles, 12 s left``, every three seconds at most."""

    def __init__(
        self,
        total: int,
        what: str,
        say: Callable[[str], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._total = total
        self._what = what
        self._say = say
        self._clock = clock
        self._began_at = self._said_at = clock()

    def reached(self, done: int) -> None:
        """Say that *done* are done, if it is time to; the rest may take as long as these."""
        now = self._clock()
        if now - self._said_at < _EVERY:
            return
        self._said_at = now
        left = max(self._total - done, 0) * (now - self._began_at) / done if done else None
        shown = "" if left is None else f", {duration(left)} left"
        self._say(f"{done:,} of {self._total:,} {self._what}{shown}")


def duration(seconds: float) -> str:
    """Return *seconds* as people say them.

    >>> duration(12.3), duration(200), duration(7500)
    ('12 s', '3 min 20 s', '2 h 5 min')
    """
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
