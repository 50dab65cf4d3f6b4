"""The frontier: one document for each page that a crawl ever discovered.

A page is ``pending``, then ``leased`` by a worker, and ends in exactly one bucket. Pages
are leased depth by depth: no page of the next depth before every page of this one has
ended, so that a page's depth is its distance from the seeds, whatever the timing and
however many workers, and a limited crawl takes the same pages each time.

Time is the server's (``$$NOW``): the clocks of workers may differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from pymongo import ASCENDING, DESCENDING, UpdateOne

from netease_crawler.drift import UNREAD
from netease_crawler.ledger.page import (
    ARTICLE_BUCKETS,
    LEASED,
    PENDING,
    RETRIED_BUCKETS,
    Bucket,
    End,
    Page,
    drift_values,
    name_text,
    page_document,
    page_id,
    page_of,
)
from netease_crawler.storage.bulk import insert_missing
from netease_crawler.storage.connection import Database, Document
from netease_crawler.storage.forgotten import REASON, forgotten_among, page_ids

COLLECTION = "frontier"
LEASE_SECONDS = 60


class Frontier:
    """The pages of one crawl; with *kept_only*, only those in the quarantine are leased."""

    def __init__(self, database: Database, crawl: str, *, kept_only: bool = False) -> None:
        self._database = database
        self._pages = database[COLLECTION]
        self._crawl = crawl
        self._of_crawl: Document = {"crawl": crawl} | ({"is_kept": True} if kept_only else {})

    async def discover(self, pages: Sequence[Page]) -> None:
        """Add those of *pages* that the crawl has not met before; what is forgotten, ended."""
        ids = {id_ for page in pages for id_ in page_ids(page.key)}
        forgotten = await forgotten_among(self._database, ids)
        new = [
            page if forgotten.isdisjoint(page_ids(page.key)) else replace(page, filtered=REASON)
            for page in pages
        ]
        await insert_missing(self._pages, [page_document(page, self._crawl) for page in new])

    async def lease(self, worker: str, limit: int, held: Collection[str] = ()) -> list[Page]:
        """Lease up to *limit* pages of the least depth to *worker*, newest doc id first.

        *held* are the keys of those it has. What else carries its mark comes along: the
        answer to an earlier lease may have been lost. An empty list means that nothing can
        be leased now: see :meth:`is_done`.
        """
        await self.expire()
        unended = self._of_crawl | {"state": {"$in": [PENDING, LEASED]}}
        first = await self._pages.find_one(unended, {"depth": 1}, sort=[("depth", ASCENDING)])
        if first is None:
            return []
        at_depth = self._of_crawl | {"state": PENDING, "depth": first["depth"]}
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
        return [page_of(document) async for document in ours.sort("key", DESCENDING)]

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
                                **drift_values(end),
                            }
                        },
                        {"$unset": ["worker", "until", "is_kept", "is_accepted"]},
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
        """Return how many pages are in each state that any is in."""
        # MongoDB counts the pages of one state without looking at them: half the time of a $group.
        states = [PENDING, LEASED, *(bucket.value for bucket in Bucket)]
        pipeline = self._count(states[0])
        for state in states[1:]:
            union = {"coll": self._pages.name, "pipeline": self._count(state)}
            pipeline.append({"$unionWith": union})
        counted = await self._pages.aggregate(pipeline)
        return {count["_id"]: count["pages"] async for count in counted}

    async def room(self, max_articles: int) -> int:
        """Return how many pages may be leased so that at most *max_articles* end as articles.

        A suspect counts as one: it may be released.
        """
        states = [LEASED, *(bucket.value for bucket in ARTICLE_BUCKETS)]
        lacks = {"$exists": True, "$ne": name_text(UNREAD)}
        taken = await self._pages.count_documents(
            {
                "crawl": self._crawl,
                "$or": [
                    {"state": {"$in": states}},
                    {"state": Bucket.REJECTED.value, "lacks.0": lacks},
                ],
            },
            limit=max_articles,
        )
        return max_articles - taken

    async def has_leased(self) -> bool:
        """Whether a worker has a page that has not ended."""
        leased = {"crawl": self._crawl, "state": LEASED}
        return await self._pages.find_one(leased, {"_id": 1}) is not None

    async def is_done(self) -> bool:
        """Whether every discovered page has ended, or every one that may be leased."""
        unended = self._of_crawl | {"state": {"$in": [PENDING, LEASED]}}
        return await self._pages.find_one(unended, {"_id": 1}) is None

    def _count(self, state: str) -> list[Document]:
        in_state = {"crawl": self._crawl, "state": state}
        return [{"$match": in_state}, {"$count": "pages"}, {"$set": {"_id": state}}]

    def _id(self, key: str) -> str:
        return page_id(self._crawl, key)


def _duplicate_if_stored(state: str) -> Document:
    return {"$cond": [{"$eq": [state, Bucket.STORED.value]}, Bucket.DUPLICATE.value, state]}


def _from_now(seconds: int) -> Document:
    return {"$add": ["$$NOW", seconds * 1000]}
