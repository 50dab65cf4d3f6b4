"""The crawls of an archive, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pymongo import DESCENDING

from netease_crawler.ledger.crawls import COLLECTION
from netease_crawler.ledger.frontier import LEASE_SECONDS, Frontier
from netease_crawler.ledger.reports import Summary
from netease_crawler.storage.clock import server_time
from netease_crawler.storage.connection import Database, Document, read
from netease_crawler.storage.together import together

_LIVES = {"$gt": ["$$this.v.heartbeat_at", {"$subtract": ["$$NOW", LEASE_SECONDS * 1000]}]}
_WORKERS = {"$objectToArray": {"$ifNull": ["$workers", {}]}}
_LISTED: Mapping[str, object] = {
    **dict.fromkeys(("spider", "outcome", "started_at", "ended_at", "states"), 1),
    "workers": {"$size": {"$filter": {"input": _WORKERS, "as": "this", "cond": _LIVES}}},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedCrawl(Summary):
    """A crawl in a line, and who is at it."""

    workers: int
    """Workers at it now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A page of crawls."""

    at: datetime
    """When it was read, by the database's clock."""
    crawls: Sequence[ListedCrawl]
    """The one that was started last first."""
    next: str | None
    """What the next page comes *after*; None where this is the last."""


async def list_crawls(database: Database, *, limit: int, after: str | None = None) -> Listing:
    """Return at most *limit* crawls, those *after* another page.

    Raises ValueError where *after* is not the ``next`` of one.
    """
    found = database[COLLECTION].find({} if after is None else _after(after), _LISTED)
    found = found.sort([("started_at", DESCENDING), ("_id", DESCENDING)]).limit(limit + 1)
    at, documents = await together(server_time(database), read(found))
    listed = documents[:limit]
    return Listing(
        at=at,
        crawls=await together(*(_listed(database, document) for document in listed)),
        next=_cursor(listed[-1]) if len(documents) > limit else None,
    )


async def _listed(database: Database, crawl: Document) -> ListedCrawl:
    # kept when a crawl ends; one that runs or was killed is counted now
    states = crawl.get("states") or await Frontier(database, crawl["_id"]).counts()
    return ListedCrawl(
        crawl=crawl["_id"],
        spider=crawl["spider"],
        outcome=crawl.get("outcome"),
        started_at=crawl["started_at"],
        ended_at=crawl.get("ended_at"),
        states=states,
        workers=crawl["workers"],
    )


def _cursor(crawl: Document) -> str:
    return f"{crawl['started_at'].isoformat()} {crawl['_id']}"


def _after(cursor: str) -> Document:
    started_at, _, name = cursor.partition(" ")
    at = datetime.fromisoformat(started_at)
    if at.utcoffset() != timedelta(0):
        raise ValueError(f"{cursor!r} is not where a page of crawls ended")
    earlier = {"started_at": {"$lt": at}}
    return {"$or": [earlier, {"started_at": at, "_id": {"$lt": name}}]}
