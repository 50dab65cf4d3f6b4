"""How a crawl behaved towards each host, read off the record that its workers kept."""

from __future__ import annotations

import asyncio
import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pymongo import ASCENDING, DESCENDING

from netease_crawler.ledger import crawls
from netease_crawler.ledger.conduct import COLLECTION
from netease_crawler.ledger.reports import UnknownCrawlError
from netease_crawler.ledger.windows import LATENESS, Excess, Sender, Window, instant, milliseconds
from netease_crawler.storage.connection import Database, Document, read


@dataclass(frozen=True, kw_only=True, slots=True)
class Busiest:
    """The most requests that a host had in any window of one length."""

    seconds: float
    requests: int
    per_second: float


@dataclass(frozen=True, kw_only=True, slots=True)
class HostConduct:
    """How a crawl behaved towards one host."""

    host: str
    requests: int
    """All that were sent to it: pages, redirects, retries, robots.txt."""
    first_at: datetime | None
    last_at: datetime | None
    """When the first and the last of them were sent, by the database's clock."""
    busiest: Sequence[Busiest]
    excesses: Sequence[Excess]
    """Of each length of which there are windows with more than may be: the worst one."""
    robots_txt: dict[str, int]
    """How often robots.txt was answered with each status, retries being over, or not at all (the
    exception's name)."""
    allowed: int
    """Requests that robots.txt allowed, and that were sent."""
    forbidden: int
    """Requests that robots.txt forbade; not sent."""
    unreachable: int
    """Requests that were not sent as robots.txt could not be had."""
    unchecked: int
    """Requests that were sent without asking robots.txt, besides those for it."""
    asked: int
    """Answers with a Retry-After."""
    waited: int
    """Requests that were sent again when its time was over."""
    broken: int
    """Requests that were sent again before that."""
    ended: int
    """Requests that were not sent again in the same run. The rest: the run stopped before."""
    refusals: int
    """401, 403, 429, 5xx, ban pages, and no answer."""
    pauses: int
    paused_seconds: float
    """How often, and for how long in all, a worker was to leave it alone."""

    @property
    def problem(self) -> str | None:
        """How it was treated worse than was promised, in a line; None where it was not."""
        if self.excesses:
            return f"{self.host} had {self.excesses[0].line}"
        if self.broken:
            times = "once" if self.broken == 1 else f"{self.broken} times"
            return f"{self.host} was asked again {times} before its Retry-After was over"
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class ConductReport:
    """How a crawl behaved."""

    crawl: str
    rates: Sequence[float]
    """What its workers took for CRAWL_RATE, 0 = no limit."""
    workers: int
    """Workers that sent anything, all runs together."""
    unfinished: int
    """Those of them that were killed or are at it: what they did last, at each heartbeat (10
    seconds) before it is written, is not in the record."""
    tolerance: float
    """Seconds whose requests, besides one for each worker, a window may have too many."""
    hosts: Sequence[HostConduct]
    """The one with most requests first."""

    @property
    def problem(self) -> str | None:
        """How a host was treated worse than was promised, in a line; None where none was."""
        return next((host.problem for host in self.hosts if host.problem), None)


async def read_conduct(
    database: Database, crawl: str, windows: Sequence[float], since: datetime | None = None
) -> ConductReport:
    """Return how *crawl* behaved, with the most requests in *windows* of so many seconds.

    With *since*, only what its record notes from then on. The record is read in order, never
    all at once: memory holds the requests of the longest window. Raises UnknownCrawlError where
    there is no such crawl.
    """
    if await database[crawls.COLLECTION].find_one({"_id": crawl}, {"_id": 1}) is None:
        raise UnknownCrawlError(crawl)
    hosts: dict[str, _Host] = {}
    senders: set[Sender] = set()  # few: precisions are powers of two
    finished: set[str] = set()
    noted: Document = {"crawl": crawl} | ({} if since is None else {"at": {"$gte": since}})
    async for document in database[COLLECTION].find(noted).sort("at", ASCENDING):
        await asyncio.sleep(0)  # it takes long: the explorer answers others meanwhile
        sender = Sender(document["worker"], document["rate"], document["precision"])
        senders.add(sender)
        if document.get("is_last"):
            finished.add(sender.worker)
        name = document["host"]
        if name not in hosts:
            hosts[name] = _Host(name, windows)
        hosts[name].add(document, sender)
    workers = {sender.worker for sender in senders}
    precision = max((sender.precision for sender in senders), default=0)
    reports = [host.report() for host in hosts.values()]
    return ConductReport(
        crawl=crawl,
        rates=sorted({sender.rate for sender in senders}, reverse=True),
        workers=len(workers),
        unfinished=len(workers - finished),
        tolerance=(LATENESS + 2 * precision) / 1000,
        hosts=sorted(reports, key=lambda host: (-host.requests, host.host)),
    )


async def since_latest(database: Database, crawl: str, requests: int) -> datetime | None:
    """Return since when the record of *crawl* has its latest *requests*, or a few fewer.

    None where it has no more than these.
    """
    newest_first = (
        database[COLLECTION]
        .find({"crawl": crawl}, {"_id": 0, "at": 1, "requests": {"$size": "$sent"}})
        .sort("at", DESCENDING)
        .limit(requests + 1)
    )
    since: datetime | None = None
    for document in await read(newest_first):
        requests -= max(document["requests"], 1)
        if requests < 0 and since is not None:
            return since
        since = document["at"]
    return None if requests >= 0 else since


class _Host:
    """Adds up the documents of one host, which come in the order of their first times."""

    def __init__(self, host: str, windows: Sequence[float]) -> None:
        self._host = host
        self._windows = [Window(round(seconds * 1000)) for seconds in windows]
        self._counts: Counter[str] = Counter()
        self._waiting: list[tuple[int, Sender]] = []  # a heap: others may come before them
        self._requests = 0
        self._first: int | None = None
        self._last: int | None = None

    def add(self, document: Document, sender: Sender) -> None:
        began = milliseconds(document["at"])
        self._count(until=began)
        for later in document["sent"]:
            heapq.heappush(self._waiting, (began + later, sender))
        self._counts.update(document["counts"])

    def report(self) -> HostConduct:
        self._count()
        robots_txt = {
            name.partition("/")[2]: times
            for name, times in sorted(self._counts.items())
            if name.startswith("robots_txt/")
        }
        counts = self._counts
        return HostConduct(
            host=self._host,
            requests=self._requests,
            first_at=None if self._first is None else instant(self._first),
            last_at=None if self._last is None else instant(self._last),
            busiest=[_busiest(window) for window in self._windows],
            excesses=[window.excess for window in self._windows if window.excess],
            robots_txt=robots_txt,
            allowed=counts["allowed"],
            forbidden=counts["forbidden"],
            unreachable=counts["unreachable"],
            unchecked=counts["unchecked"],
            asked=counts["asked"],
            waited=counts["waited"],
            broken=counts["broken"],
            ended=counts["ended"],
            refusals=counts["refusals"],
            pauses=counts["pauses"],
            paused_seconds=counts["paused_seconds"],
        )

    def _count(self, until: int | None = None) -> None:
        while self._waiting and (until is None or self._waiting[0][0] < until):
            at, sender = heapq.heappop(self._waiting)
            for window in self._windows:
                window.add(at, sender)
            self._requests += 1
            self._first = at if self._first is None else self._first
            self._last = at


def _busiest(window: Window) -> Busiest:
    seconds = window.milliseconds / 1000
    return Busiest(seconds=seconds, requests=window.most, per_second=window.most / seconds)
