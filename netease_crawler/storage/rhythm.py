"""When the articles of an account were published, and how many followers it had when fetched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from netease_crawler.storage.connection import Database
from netease_crawler.times import BEIJING

_SAMPLED = 300
_LONGEST = 20_000  # milliseconds


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowerCount:
    """关注度 on the author card of an article, when that was fetched."""

    at: datetime
    """In UTC."""
    count: int


def in_beijing(times: Iterable[datetime]) -> list[datetime]:
    """Return *times*, which are aware, as clocks in Beijing show them."""
    return [time.astimezone(BEIJING) for time in times]


def by_month(times: Iterable[datetime]) -> dict[str, int]:
    """Return how many of *times* are in each month (``2024-05``), in order."""
    months = Counter((time.year, time.month) for time in times)
    return {f"{year}-{month:02}": count for (year, month), count in sorted(months.items())}


def by_hour(times: Iterable[datetime]) -> list[list[int]]:
    """Return how many of *times* are in each hour of each day of the week, from Monday."""
    hours = Counter((time.weekday(), time.hour) for time in times)
    return [[hours[day, hour] for hour in range(24)] for day in range(7)]


async def follower_counts(database: Database, doc_ids: Sequence[str]) -> list[FollowerCount]:
    """Return the last count of each day (Beijing) on which one of *doc_ids* was fetched.

    The earliest first. Of many, 300 are looked at, as an article is 20 KB: spread evenly.
    """
    day = {"date": "$fetched_at", "format": "%Y-%m-%d", "timezone": "+08:00"}
    found = await database["articles"].aggregate(
        [
            {
                "$match": {
                    "_id": {"$in": doc_ids[:: len(doc_ids) // (_SAMPLED + 1) + 1]},
                    "account.follower_count": {"$type": "number"},
                    "fetched_at": {"$type": "date"},
                }
            },
            {"$project": {"fetched_at": 1, "count": "$account.follower_count"}},
            {"$sort": {"fetched_at": 1, "_id": 1}},
            {
                "$group": {
                    "_id": {"$dateToString": day},
                    "at": {"$last": "$fetched_at"},
                    "count": {"$last": "$count"},
                }
            },
            {"$sort": {"at": 1}},
        ],
        maxTimeMS=_LONGEST,
    )
    return [FollowerCount(at=one["at"], count=one["count"]) async for one in found]
