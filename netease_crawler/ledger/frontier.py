"""The frontier: one document for each page that a crawl ever discovered.

A page is ``pending``, then ``leased`` by a worker, and ends in exactly one bucket. Pages
are leased depth by depth: no page of the next depth before every page of this one has
ended, so that a page's depth is its distance from the seeds, whatever the timing and
however many workers, and a limited crawl takes the same pages each time.

Time is the server's (``$$NOW``): the clocks of workers may differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from pymongo import ASCENDING, DESCENDING, UpdateOne

from netease_crawler.storage.bulk import insert_missing
from netease_crawler.storage.connection import Database, Document

COLLECTION = "frontier"
LEASE_SECONDS = 60


class Bucket(str, Enum):
    """Where a discovered page ended."""

    STORED = "stored"
    """An article the archive did not have."""
    UPDATED = "updated"
    """An article whose content differs from what the archive had."""
    UNCHANGED = "unchanged"
    """An article the archive already had as it is."""
    DUPLICATE = "duplicate"
    """An article whose text an earlier one has under another id."""
    DELETED = "deleted"
    """The site says that the article is gone."""
    BANNED = "banned"
    """The site refused to show it: a ban, a verification page, a title without a text."""
    FAILED = "failed"
    """No answer, or an error of the site or of ours."""
    REJECTED = "rejected"
    """Not an article we can read; the page is in the quarantine."""
    FILTERED = "filtered"
    """Not fetched: robots.txt, out of the crawl's scope, or over one of its limits."""


PENDING, LEASED = "pending", "leased"
ARTICLE_BUCKETS = (Bucket.STORED, Bucket.UPDATED, Bucket.UNCHANGED, Bucket.DUPLICATE)
RETRIED_BUCKETS = (Bucket.BANNED, Bucket.FAILED)
"""What running the crawl's command again fetches again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A discovered page."""

    key: str
    """What makes it one page: the doc id of an article, the path of a saved file."""
    url: str
    depth: int = 0
    """Steps from the seeds."""
    found_on: str | None = None
    """Key of the page that linked to it first."""
    filtered: str | None = None
    """Why it is not to be fetched; such a page ends in ``filtered`` at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class End:
    """How a page ended."""

    page: Page
    bucket: Bucket
    reason: str | None = None
    doc_id: str | None = None
    """The article that was read from it."""


class Frontier:
    """The pages of one crawl."""

    def __init__(self, database: Database, crawl: str) -> None:
        self._pages = database[COLLECTION]
        self._crawl = crawl

    async def discover(self, pages: Sequence[Page]) -> None:
        """Add those of *pages* that the crawl has not met before."""
        await insert_missing(self._pages, [self._document(page) for page in pages])

    async def lease(self, worker: str, limit: int, held: Collection[str] = ()) -> list[Page]:
        """Lease up to *limit* pages of the least depth to *worker*, newest doc id first.

        *held* are the keys of those it has. What else carries its mark comes along: the
        answer to an earlier lease may have been lost. An empty list means that nothing can
        be leased now: see :meth:`is_done`.
        """
        await self.expire()
        unended = {"crawl": self._crawl, "state": {"$in": [PENDING, LEASED]}}
        first = await self._pages.find_one(unended, {"depth": 1}, sort=[("depth", ASCENDING)])
        if first is None:
            return []
        at_depth = {"crawl": self._crawl, "state": PENDING, "depth": first["depth"]}
        found = self._pages.find(at_depth, {"_id": 1}).sort("key", DESCENDING).limit(limit)
        ids = [document["_id"] async for document in found]
        # Another worker may have taken some of them meanwhile: what carries our mark is ours.
        await self._pages.update_many(
            {"_id": {"$in": ids}, "state": PENDING},
            [
                {
                    "$set": {
                        "state": LEASED,
                        "worker": worker,
                        "until": _from_now(LEASE_SECONDS),
                        "leases": {"$add": [{"$ifNull": ["$leases", 0]}, 1]},
                    }
                }
            ],
        )
        ours = self._pages.find(
            {"crawl": self._crawl, "state": LEASED, "worker": worker, "key": {"$nin": list(held)}}
        )
        return [_page(document) async for document in ours.sort("key", DESCENDING)]

    async def renew(self, worker: str, keys: Iterable[str]) -> None:
        """Extend the leases of *worker* on the pages of *keys*."""
        ids = [self._id(key) for key in keys]
        await self._pages.update_many(
            {"_id": {"$in": ids}, "state": LEASED, "worker": worker},
            [{"$set": {"until": _from_now(LEASE_SECONDS)}}],
        )

    async def release(self, workers: Iterable[str]) -> None:
        """Return what *workers* have leased."""
        await self._pages.update_many(
            {"crawl": self._crawl, "state": LEASED, "worker": {"$in": list(workers)}},
            {"$set": {"state": PENDING}, "$unset": {"worker": "", "until": ""}},
        )

    async def expire(self) -> None:
        """Return every lease that has run out."""
        await self._pages.update_many(
            {
                "crawl": self._crawl,
                "state": LEASED,
                "$expr": {"$lt": ["$until", "$$NOW"]},
            },
            {"$set": {"state": PENDING}, "$unset": {"worker": "", "until": ""}},
        )

    async def retry(self) -> None:
        """Return what was banned or failed, for another try."""
        await self._pages.update_many(
            {"crawl": self._crawl, "state": {"$in": [bucket.value for bucket in RETRIED_BUCKETS]}},
            {"$set": {"state": PENDING}, "$unset": {"reason": "", "ended_at": ""}},
        )

    async def end(self, ends: Sequence[End]) -> None:
        """Record how pages ended. A page that ended before keeps its bucket."""
        if not ends:
            return
        await self._pages.bulk_write(
            [
                UpdateOne(
                    {"_id": self._id(end.page.key), "state": {"$in": [PENDING, LEASED]}},
                    [
                        {
                            "$set": {
                                "state": {
                                    "$cond": [
                                        "$is_copy",
                                        _duplicate_if_stored(end.bucket.value),
                                        end.bucket.value,
                                    ]
                                },
                                "reason": {"$literal": end.reason},
                                "doc_id": end.doc_id,
                                "ended_at": "$$NOW",
                            }
                        },
                        {"$unset": ["worker", "until"]},
                    ],
                )
                for end in ends
            ],
            ordered=False,
        )

    async def mark_copies(self, keys: Sequence[str]) -> None:
        """Let pages end as ``duplicate`` that ended as ``stored``, or are about to.

        About to: another worker may have written their article, and not their end yet.
        """
        if keys:
            await self._pages.update_many(
                {
                    "_id": {"$in": [self._id(key) for key in keys]},
                    "state": {"$in": [PENDING, LEASED, Bucket.STORED.value]},
                },
                [{"$set": {"is_copy": True, "state": _duplicate_if_stored("$state")}}],
            )

    async def filter_pending(self, reason: str) -> None:
        """End every pending page as ``filtered``."""
        await self._pages.update_many(
            {"crawl": self._crawl, "state": PENDING},
            [{"$set": {"state": Bucket.FILTERED.value, "reason": reason, "ended_at": "$$NOW"}}],
        )

    async def counts(self) -> dict[str, int]:
        """Return how many pages are in each state."""
        groups = await self._pages.aggregate(
            [
                {"$match": {"crawl": self._crawl}},
                {"$group": {"_id": "$state", "pages": {"$sum": 1}}},
            ]
        )
        return {group["_id"]: group["pages"] async for group in groups}

    async def room(self, max_articles: int) -> int:
        """Return how many pages may be leased so that at most *max_articles* end as articles."""
        states = [LEASED, *(bucket.value for bucket in ARTICLE_BUCKETS)]
        taken = await self._pages.count_documents(
            {"crawl": self._crawl, "state": {"$in": states}}, limit=max_articles
        )
        return max_articles - taken

    async def has_leased(self) -> bool:
        """Whether a worker has a page that has not ended."""
        leased = {"crawl": self._crawl, "state": LEASED}
        return await self._pages.find_one(leased, {"_id": 1}) is not None

    async def is_done(self) -> bool:
        """Whether every discovered page has ended."""
        unended = {"crawl": self._crawl, "state": {"$in": [PENDING, LEASED]}}
        return await self._pages.find_one(unended, {"_id": 1}) is None

    def _id(self, key: str) -> str:
        return f"{self._crawl}/{key}"

    def _document(self, page: Page) -> Document:
        document: Document = {
            "_id": self._id(page.key),
            "crawl": self._crawl,
            "key": page.key,
            "url": page.url,
            "depth": page.depth,
            "found_on": page.found_on,
            "state": PENDING,
        }
        if page.filtered is not None:
            document |= {"state": Bucket.FILTERED.value, "reason": page.filtered}
        return document


def _duplicate_if_stored(state: str) -> Document:
    return {"$cond": [{"$eq": [state, Bucket.STORED.value]}, Bucket.DUPLICATE.value, state]}


def _page(document: Document) -> Page:
    return Page(
        key=document["key"],
        url=document["url"],
        depth=document["depth"],
        found_on=document["found_on"],
    )


def _from_now(seconds: int) -> Document:
    return {"$add": ["$$NOW", seconds * 1000]}
