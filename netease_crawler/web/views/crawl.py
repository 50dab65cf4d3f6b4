"""One crawl: where its pages ended, how fast it goes, what its articles show, how it behaves."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from netease_crawler.incident import Kind
from netease_crawler.ledger.alerts import Alert
from netease_crawler.ledger.claims import Told, read_told
from netease_crawler.ledger.conduct_report import HostConduct, read_conduct, since_latest
from netease_crawler.ledger.coverages import is_rare
from netease_crawler.ledger.crawls import FINISHED
from netease_crawler.ledger.pace import Bar, Worker, read_pace
from netease_crawler.ledger.page import LEASED, PENDING, Bucket
from netease_crawler.ledger.reports import Report, Reports, UnknownCrawlError
from netease_crawler.storage.connection import Database
from netease_crawler.storage.together import together
from netease_crawler.web.page import Asked, Page
from netease_crawler.web.parameters import flag, text
from netease_crawler.web.problems import not_found

_WINDOWS = (1.0, 10.0, 60.0)  # seconds
_LATEST, _MOST = 2_000, 100_000  # requests that are looked at in 40 ms, and in 1.5 s


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why pages ended in a bucket."""

    bucket: str
    reason: str
    """Without what differs from page to page."""
    pages: int


@dataclass(frozen=True, kw_only=True)
class FieldCoverage:
    """How many stored articles of a layout show a field."""

    field: str
    asked: int
    """Articles that may show it."""
    shown: int
    is_low: bool
    """Whether it is one that every page shows, and these did so significantly more rarely."""
    has_alert: bool
    """Whether an alert stands: what lacks it is in the quarantine, and not counted here."""


@dataclass(frozen=True, kw_only=True)
class LayoutCoverage:
    """What the stored articles of a layout show."""

    layout: str
    fields: Sequence[FieldCoverage]


@dataclass(frozen=True, kw_only=True)
class Politeness:
    """How the crawl behaved towards each host."""

    since: datetime | None
    """The older part of the record is not looked at; null where all is."""
    rates: Sequence[float]
    """What its workers took for CRAWL_RATE: requests per second and host, 0 = no limit."""
    tolerance: float
    """Seconds whose requests, besides one for each worker, a window may have too many."""
    unfinished: int
    """Workers whose last ten seconds are not in the record: they run, or were killed."""
    problem: str | None
    """How a host was treated worse than was promised, in a line; null where none was."""
    hosts: Sequence[HostConduct]
    """The one with most requests first."""


@dataclass(frozen=True, kw_only=True)
class CrawlDetails:
    """A crawl."""

    crawl: str
    """Its name."""
    spider: str
    arguments: Mapping[str, str]
    outcome: str | None
    """``finished``, ``empty``, ``incomplete``, ``drift``, ``interrupted``, or null while it runs
    or after it was killed."""
    is_running: bool
    problem: str | None
    """Why it has not done its job, or not yet, in a line; null where it has. What is promised is
    not looked up, as ``scrapy report`` does."""
    again: str | None
    """Command that goes on with it; null where it runs or is finished."""
    started_at: datetime
    ended_at: datetime | None
    read_at: datetime
    """When all this was so, by the database's clock."""
    seconds: float | None
    """From its start to its end, pauses between its runs too, or until now if it runs; null where
    nobody knows when it ended."""
    workers: Sequence[Worker]
    """Those at it, the first to join first. One that is killed is here for a minute more."""
    discovered: int
    """Pages that it ever met."""
    ended: int
    """Those of them that are in a bucket."""
    places: Mapping[str, int]
    """Pages by bucket, ``leased`` and ``pending``: every one is present."""
    reasons: Sequence[Reason]
    """The twenty most frequent."""
    pages_per_second: float | None
    """Pages that were fetched and have ended (all but ``filtered``), in all of ``seconds``."""
    requests_per_second: float | None
    """In the last minute that is written down, retries and robots.txt too; null where nobody has
    been at it for long."""
    seconds_left: float | None
    """For what is discovered and has not ended, at the present pace; null where it does not run or
    stands still."""
    bars: Sequence[Bar]
    """Requests from the first one on."""
    alerts: Sequence[Alert]
    """Fields that pages ceased to show, in the order in which that was noticed."""
    told: Sequence[Told]
    """What else people were told of; kept until the crawl is finished."""
    coverage: Sequence[LayoutCoverage]
    politeness: Politeness


async def _view(asked: Asked) -> CrawlDetails:
    database, name = asked.database, asked.values["name"]
    try:
        report, pace, told, politeness = await together(
            Reports(database).report(name, verify=False),
            read_pace(database, name),
            read_told(database, name),
            _politeness(database, name, _MOST if asked.values["conduct"] else _LATEST),
        )
    except UnknownCrawlError:
        raise not_found("there is no crawl of this name") from None
    is_running = report.outcome is None and bool(pace.workers)
    until = pace.at if is_running else report.ended_at
    seconds = None if until is None else (until - report.started_at).total_seconds()
    ended = sum(report.buckets.values())
    fetched = ended - report.buckets[Bucket.FILTERED.value]
    left = report.pending + report.leased
    return CrawlDetails(
        crawl=name,
        spider=report.spider,
        arguments=report.arguments,
        outcome=report.outcome,
        is_running=is_running,
        problem=report.problem,
        again=None if is_running else _again(report),
        started_at=report.started_at,
        ended_at=report.ended_at,
        read_at=pace.at,
        seconds=seconds,
        workers=pace.workers,
        discovered=report.discovered,
        ended=ended,
        places={**report.buckets, LEASED: report.leased, PENDING: report.pending},
        reasons=[
            Reason(bucket=bucket, reason=reason, pages=pages)
            for why, pages in report.reasons.items()
            for bucket, _, reason in [why.partition(": ")]
        ],
        pages_per_second=fetched / seconds if seconds else None,
        requests_per_second=pace.requests_per_second,
        seconds_left=left / pace.requests_per_second
        if is_running and pace.requests_per_second
        else None,
        bars=pace.bars,
        alerts=report.alerts,
        told=[one for one in told if one.kind != Kind.DRIFT.value],
        coverage=_coverage(report),
        politeness=politeness,
    )


def _again(report: Report) -> str | None:
    name = shlex.quote(report.crawl)
    if report.standing:
        return f"scrapy reparse {name}"
    if report.outcome == FINISHED:
        return None
    return f"scrapy crawl {shlex.quote(report.spider)} -a crawl={name}"


def _coverage(report: Report) -> list[LayoutCoverage]:
    fallen = {alert.name for alert in report.standing}
    return [
        LayoutCoverage(
            layout=layout,
            fields=[
                FieldCoverage(
                    field=field,
                    asked=asked,
                    shown=shown,
                    is_low=is_rare((layout, field), asked, shown),
                    has_alert=(layout, field) in fallen,
                )
                for field, (asked, shown) in fields.items()
            ],
        )
        for layout, fields in report.coverage.items()
    ]


async def _politeness(database: Database, crawl: str, requests: int) -> Politeness:
    since = await since_latest(database, crawl, requests)
    report = await read_conduct(database, crawl, _WINDOWS, since)
    return Politeness(
        since=since,
        rates=report.rates,
        tolerance=report.tolerance,
        unfinished=report.unfinished,
        problem=report.problem,
        hosts=report.hosts,
    )


PAGE = Page(
    path="/crawl",
    template="crawl.html",
    summary="One crawl, as it is now.",
    shows=CrawlDetails,
    view=_view,
    parameters=(
        text("name", "Name of the crawl", is_required=True),
        flag("conduct", f"Look at the latest {_MOST} requests, not {_LATEST}, for politeness"),
    ),
)
