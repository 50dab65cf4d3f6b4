"""What became of crawls: where every page of each ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pymongo import DESCENDING

from netease_crawler.ledger.alerts import Alert, alerts_of
from netease_crawler.ledger.coverages import coverages_of
from netease_crawler.ledger.crawls import COLLECTION, EMPTY, FINISHED, INCOMPLETE, Crawls
from netease_crawler.ledger.frontier import Frontier
from netease_crawler.ledger.page import (
    ARTICLE_BUCKETS,
    LEASED,
    PENDING,
    RETRIED_BUCKETS,
    Bucket,
)
from netease_crawler.storage.connection import Database, Document
from netease_crawler.storage.together import together

_WITH_REASONS = [
    bucket.value for bucket in (Bucket.DELETED, *RETRIED_BUCKETS, Bucket.REJECTED, Bucket.FILTERED)
]


class UnknownCrawlError(Exception):
    """No crawl has this name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """The sums of a crawl: every discovered page is in exactly one place."""

    crawl: str
    spider: str
    arguments: Mapping[str, str]
    outcome: str | None
    """``finished``, ``empty`` (nothing to store was found), ``incomplete`` (more was banned
    or failed than stored), ``drift`` (the site changed its markup), ``interrupted``, or None
    while it runs or after it was killed."""
    started_at: datetime
    ended_at: datetime | None
    workers: int
    """Workers at it now."""
    buckets: Mapping[str, int]
    """Ended pages by bucket; every bucket is present."""
    pending: int
    leased: int
    missing: int
    """Pages that ended as articles but whose article, or as rejected but whose page in
    the quarantine, is not there. Anything but 0 is a fault."""
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Pages by ``bucket: reason`` (without details), most frequent first."""
    alerts: Sequence[Alert] = ()
    """Fields that pages ceased to show, in the order in which that was noticed."""
    coverage: Mapping[str, Mapping[str, tuple[int, int]]] = field(default_factory=dict)
    """By layout and field: of how many stored articles it was asked, how many show it."""

    @property
    def discovered(self) -> int:
        """Pages that the crawl ever met."""
        return sum(self.buckets.values()) + self.pending + self.leased

    @property
    def problem(self) -> str | None:
        """Why the crawl did not do its job, in a line; None where it did."""
        if self.missing:
            return f"{self.missing} pages ended as stored or rejected, but are not there"
        if self.standing:
            return f"drift: {self.standing[0].line}"
        missed = sum(self.buckets[bucket.value] for bucket in RETRIED_BUCKETS)
        mostly = f" (mostly: {self.cause})" if self.cause else ""
        if self.pending or self.leased:
            refused = f", {missed} were banned or failed{mostly}" if missed else ""
            return f"{self.pending + self.leased} pages are not done yet{refused}"
        if self.outcome == EMPTY:
            return f"nothing to store was found in {self.discovered} pages{mostly}"
        if self.outcome == INCOMPLETE:
            return f"{missed} of {self.discovered} pages were banned or failed{mostly}"
        if self.outcome is None:
            return "it has not ended" if self.workers else "it was killed"
        if self.outcome != FINISHED:
            return f"it was {self.outcome} before all its seeds were noted"
        return None

    @property
    def standing(self) -> list[Alert]:
        """The alerts that are not over."""
        return [alert for alert in self.alerts if alert.resolved_at is None]

    @property
    def cause(self) -> str | None:
        """Why most pages are missing, as in *reasons*; None where none says why."""
        culprits = {bucket.value for bucket in RETRIED_BUCKETS}
        if self.outcome == EMPTY:
            culprits |= self.buckets.keys()
        return next((why for why in self.reasons if why.split(": ")[0] in culprits), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """A crawl in a line."""

    crawl: str
    spider: str
    outcome: str | None
    started_at: datetime
    ended_at: datetime | None
    states: Mapping[str, int]
    """Pages by bucket, ``pending`` and ``leased``, where there are any."""


class Reports:
    """Reads the sums of the crawls of an archive."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._crawls = database[COLLECTION]

    async def latest(self) -> str | None:
        """Return the name of the crawl that was started last, None where there is none."""
        document = await self._crawls.find_one({}, {"_id": 1}, sort=[("started_at", DESCENDING)])
        return None if document is None else str(document["_id"])

    async def summaries(self) -> list[Summary]:
        """Return all crawls, the one that was started last first."""
        found = self._crawls.find({}, {"workers": 0}).sort("started_at", DESCENDING)
        return [
            Summary(
                crawl=document["_id"],
                spider=document["spider"],
                outcome=document.get("outcome"),
                started_at=document["started_at"],
                ended_at=document.get("ended_at"),
                # kept when a crawl ends; one that runs or was killed is counted now
                states=document.get("states")
                or await Frontier(self._database, document["_id"]).counts(),
            )
            async for document in found
        ]

    async def report(self, crawl: str, *, verify: bool = True) -> Report:
        """Return the sums of *crawl*; without *verify*, nothing is said to be missing.

        Raises UnknownCrawlError where there is none of this name.
        """
        document = await self._crawls.find_one({"_id": crawl})
        if document is None:
            raise UnknownCrawlError(crawl)
        counts, workers, reasons = await together(
            Frontier(self._database, crawl).counts(),
            Crawls(self._database).live_workers(crawl),
            self._reasons(crawl),
        )
        return Report(
            crawl=crawl,
            spider=document["spider"],
            arguments=document["arguments"],
            outcome=document.get("outcome"),
            started_at=document["started_at"],
            ended_at=document.get("ended_at"),
            workers=len(workers),
            buckets={bucket.value: counts.get(bucket.value, 0) for bucket in Bucket},
            pending=counts.get(PENDING, 0),
            leased=counts.get(LEASED, 0),
            missing=await self._missing(crawl) if verify else 0,
            reasons=reasons,
            alerts=alerts_of(document),
            coverage=_coverage(document),
        )

    async def _missing(self, crawl: str) -> int:
        """Count ended pages without the document that their bucket promises."""
        pages = self._database["frontier"]
        promised: list[tuple[list[str], str, str]] = [
            ([bucket.value for bucket in ARTICLE_BUCKETS], "articles", "doc_id"),
            ([Bucket.REJECTED.value], "quarantine", "_id"),
        ]
        missing = 0
        for states, collection, field_name in promised:
            found = await pages.aggregate(
                [
                    {"$match": {"crawl": crawl, "state": {"$in": states}}},
                    {
                        "$lookup": {
                            "from": collection,
                            "localField": field_name,
                            "foreignField": "_id",
                            "pipeline": [{"$project": {"_id": 1}}],
                            "as": "kept",
                        }
                    },
                    {"$match": {"kept": []}},
                    {"$count": "pages"},
                ]
            )
            async for document in found:
                missing += document["pages"]
        return missing

    async def _reasons(self, crawl: str) -> dict[str, int]:
        groups = await self._database["frontier"].aggregate(
            [
                {
                    "$match": {
                        "crawl": crawl,
                        "state": {"$in": _WITH_REASONS},
                        "reason": {"$type": "string"},
                    }
                },
                {
                    "$group": {
                        "_id": {
                            "state": "$state",
                            # "UnknownLayoutError: …": the rest differs from page to page
                            "reason": {"$first": {"$split": ["$reason", ": "]}},
                        },
                        "pages": {"$sum": 1},
                    }
                },
                {"$sort": {"pages": -1, "_id": 1}},
                {"$limit": 20},
            ]
        )
        return {
            f"{group['_id']['state']}: {group['_id']['reason']}": group["pages"]
            async for group in groups
        }


def _coverage(crawl: Document) -> dict[str, dict[str, tuple[int, int]]]:
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for (layout, name), coverage in sorted(coverages_of(crawl).items()):
        found.setdefault(layout, {})[name] = (int(coverage.asked), int(coverage.shown))
    return found
