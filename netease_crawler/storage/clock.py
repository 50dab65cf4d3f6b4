"""The database's clock, by which times are recorded: those of workers may differ by minutes."""

from __future__ import annotations

import math
import time
from datetime import datetime, timezone
from typing import Final

from netease_crawler.storage.connection import Database

_LOOKS: Final = 3  # the quickest counts


async def server_time(database: Database) -> datetime:
    """Return what time it is for the database: UTC, to the millisecond, as old as its answer."""
    hello = await database.command("hello", codec_options=database.codec_options)
    at: datetime = hello["localTime"]
    return at


class DatabaseClock:
    """Tells the database's time without asking: it goes on by ``time.monotonic()`` between looks.

    So this machine's clock may be wrong, and be set. Look before anything else.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._offset: float | None = None  # seconds from time.monotonic() to unix time
        self.precision = 0
        """Milliseconds by which it may be wrong: half a round trip, and one for the server's
        unit, up to the next power of two, so that there are few of them."""

    async def look(self) -> None:
        """Ask the database what time it is."""
        looks = []
        for _ in range(_LOOKS):
            asked = time.monotonic()
            answered = await server_time(self._database)
            half = (time.monotonic() - asked) / 2
            looks.append((half, answered.timestamp() - asked - half))
        half, self._offset = min(looks)
        self.precision = 1 << math.ceil(half * 1000).bit_length()

    def milliseconds(self, monotonic: float) -> int:
        """Return the unix time in milliseconds at which ``time.monotonic()`` said *monotonic*."""
        assert self._offset is not None, "nobody has looked at the clock"
        return round((monotonic + self._offset) * 1000)

    def now(self) -> datetime:
        """Return what time it is, in UTC, to the millisecond as MongoDB keeps it."""
        now = self.milliseconds(time.monotonic())
        seconds = datetime.fromtimestamp(now // 1000, timezone.utc)
        return seconds.replace(microsecond=now % 1000 * 1000)
