"""All crawls, each in a few lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from netease_crawler.ledger.listing import ListedCrawl, list_crawls
from netease_crawler.ledger.page import LEASED, PENDING, Bucket
from netease_crawler.web import paging
from netease_crawler.web.page import Asked, Page
from netease_crawler.web.parameters import text
from netease_crawler.web.problems import bad_request

_AT_ONCE = 50
PLACES = (*(bucket.value for bucket in Bucket), LEASED, PENDING)
"""Where a page of a crawl can be, in the order in which they are shown."""


@dataclass(frozen=True, kw_only=True)
class CrawlLine:
    """A crawl in a few lines."""

    crawl: str
    """Its name."""
    spider: str
    outcome: str | None
    """``finished``, ``empty``, ``incomplete``, ``drift``, ``interrupted``, or null while it runs
    or after it was killed."""
    is_running: bool
    started_at: datetime
    ended_at: datetime | None
    seconds: float | None
    """From its start to its end, pauses between its runs too, or until now if it runs; null where
    nobody knows when it ended."""
    discovered: int
    """Pages that it ever met."""
    places: Mapping[str, int]
    """Pages by bucket, ``leased`` and ``pending``, where there are any."""


@dataclass(frozen=True, kw_only=True)
class CrawlList:
    """A page of crawls."""

    crawls: Sequence[CrawlLine]
    """The one that was started last first."""
    next: str | None
    """Value of ``after`` that gives the next page; null where this is the last."""


async def _view(asked: Asked) -> CrawlList:
    token = asked.values["after"]
    try:
        after = None if token is None else paging.cursor(token)
        listing = await list_crawls(asked.database, limit=_AT_ONCE, after=after)
    except ValueError:
        raise bad_request("after: is not where a page of crawls ended") from None
    return CrawlList(
        crawls=[_line(crawl, listing.at) for crawl in listing.crawls],
        next=None if listing.next is None else paging.token(listing.next),
    )


def _line(crawl: ListedCrawl, now: datetime) -> CrawlLine:
    is_running = crawl.outcome is None and crawl.workers > 0
    until = now if is_running else crawl.ended_at
    return CrawlLine(
        crawl=crawl.crawl,
        spider=crawl.spider,
        outcome=crawl.outcome,
        is_running=is_running,
        started_at=crawl.started_at,
        ended_at=crawl.ended_at,
        seconds=None if until is None else (until - crawl.started_at).total_seconds(),
        discovered=sum(crawl.states.values()),
        places={place: crawl.states[place] for place in PLACES if crawl.states.get(place)},
    )


PAGE = Page(
    path="/crawls",
    template="crawls.html",
    summary="All crawls, the latest first.",
    shows=CrawlList,
    view=_view,
    parameters=(text("after", "Where the page before ended: its ``next``"),),
)
