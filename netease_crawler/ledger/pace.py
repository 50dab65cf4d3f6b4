"""How fast a crawl goes, read off the record that its workers keep of their requests.

They write it at each heartbeat (10 seconds): what they did since is not there yet.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pymongo import ASCENDING, DESCENDING

from netease_crawler.ledger import conduct, crawls
from netease_crawler.ledger.frontier import LEASE_SECONDS
from netease_crawler.ledger.reports import UnknownCrawlError
from netease_crawler.ledger.windows import instant, milliseconds
from netease_crawler.storage.connection import Database, Document, read

_UNWRITTEN = timedelta(seconds=12)
"""What workers did since may not be written."""
_LATELY = timedelta(seconds=60)
_TOO_SHORT = timedelta(seconds=10)
_SPANS = tuple(
    unit * times
    for unit, several in (
        (1, (10, 30)),
        (60, (1, 2, 5, 10, 20, 30)),
        (3600, (1, 2, 3, 6, 12)),
        (86400, (1, 2, 7, 30)),
    )
    for times in several
)
"""Seconds of a bar."""
_BARS = 60
_LONGEST = 5000  # milliseconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Worker:
    """Who is at a crawl."""

    name: str
    """Machine, process id, and a random part."""
    joined_at: datetime
    heartbeat_at: datetime
    """When it last said that it lives."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """Requests of a part of a crawl, robots.txt and retries among them."""

    begin: datetime
    end: datetime
    requests: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How fast a crawl goes. Times are the database's."""

    at: datetime
    """When it was read."""
    workers: Sequence[Worker]
    """Those that gave a heartbeat lately, the first to join first."""
    requests_per_second: float | None
    """In the last minute that is wholly written; None where nobody has been at it for long."""
    bars: Sequence[Bar]
    """From the first request to the last one, of one length, some 60 at most."""


async def read_pace(database: Database, crawl: str) -> Pace:
    """Return the pace of *crawl*; raises UnknownCrawlError where there is none of this name."""
    document = await database[crawls.COLLECTION].find_one(
        {"_id": crawl}, {"workers": 1, "now": "$$NOW"}
    )
    if document is None:
        raise UnknownCrawlError(crawl)
    now: datetime = document["now"]
    silent = now - timedelta(seconds=LEASE_SECONDS)
    workers = [
        Worker(name=name, joined_at=worker["joined_at"], heartbeat_at=worker["heartbeat_at"])
        for name, worker in document.get("workers", {}).items()
        if worker["heartbeat_at"] > silent
    ]
    workers.sort(key=lambda worker: worker.joined_at)
    return Pace(
        at=now,
        workers=workers,
        requests_per_second=(
            await _lately(database, crawl, workers[0].joined_at, now) if workers else None
        ),
        bars=await _bars(database, crawl),
    )


async def _lately(database: Database, crawl: str, joined: datetime, now: datetime) -> float | None:
    end = now - _UNWRITTEN
    begin = max(end - _LATELY, joined)
    if end - begin < _TOO_SHORT:
        return None
    noted = {"crawl": crawl, "at": {"$gt": begin - _LATELY, "$lt": end}}
    documents = await read(database[conduct.COLLECTION].find(noted, {"at": 1, "sent": 1}))
    requests = sum(_before(document, end) - _before(document, begin) for document in documents)
    return requests / (end - begin).total_seconds()


async def _bars(database: Database, crawl: str) -> list[Bar]:
    record = database[conduct.COLLECTION]
    first = await record.find_one(_sent(crawl), {"at": 1}, sort=[("at", ASCENDING)])
    last = await record.find_one(_sent(crawl), sort=[("at", DESCENDING)])
    if first is None or last is None:
        return []
    began = milliseconds(first["at"])
    ended = milliseconds(last["at"]) + last["sent"][-1]
    span = _span(began, ended)
    counts = await _counts(database, crawl, span)
    return [
        Bar(begin=instant(bar * span), end=instant((bar + 1) * span), requests=counts[bar])
        for bar in range(began // span, max(ended // span, *counts) + 1)
    ]


def _span(began: int, ended: int) -> int:
    """Return the milliseconds of a bar, which begins at a multiple of it."""
    return next(
        (span * 1000 for span in _SPANS if ended // (span * 1000) - began // (span * 1000) < _BARS),
        _SPANS[-1] * 1000,
    )


async def _counts(database: Database, crawl: str, span: int) -> Mapping[int, int]:
    """Return how many requests there were in each bar, a multiple of *span*.

    The server adds up what was noted within one; what goes on into the next one is divided here.
    """
    began = {"$toLong": "$at"}
    ended = {"$add": [began, {"$last": "$sent"}]}
    first, last = ({"$floor": {"$divide": [at, span]}} for at in (began, ended))
    is_within = {"$eq": ["$first", "$last"]}
    groups = await database[conduct.COLLECTION].aggregate(
        [
            {"$match": _sent(crawl)},
            {"$project": {"at": 1, "sent": 1, "first": first, "last": last}},
            {
                "$group": {
                    "_id": "$first",
                    "within": {"$sum": {"$cond": [is_within, {"$size": "$sent"}, 0]}},
                    "across": {
                        "$push": {"$cond": [is_within, "$$REMOVE", {"at": "$at", "sent": "$sent"}]}
                    },
                }
            },
        ],
        maxTimeMS=_LONGEST,
    )
    counts: Counter[int] = Counter()
    async for group in groups:
        counts[int(group["_id"])] += group["within"]
        for document in group["across"]:
            began_at = milliseconds(document["at"])
            counts.update((began_at + later) // span for later in document["sent"])
    return counts


def _sent(crawl: str) -> Document:
    return {"crawl": crawl, "sent.0": {"$exists": True}}


def _before(document: Document, at: datetime) -> int:
    """Return how many requests of *document* were sent before *at*."""
    return bisect_left(document["sent"], milliseconds(at) - milliseconds(document["at"]))
