"""Pages in the quarantine whose articles lack what such pages show, and their way back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from pymongo import DESCENDING

from netease_crawler.coverage import shown
from netease_crawler.drift import WINDOW, Name
from netease_crawler.ledger.coverages import count_back
from netease_crawler.ledger.page import (
    ARTICLE_BUCKETS,
    LEASED,
    PENDING,
    Bucket,
    name_of,
    name_text,
    page_id,
)
from netease_crawler.storage.connection import Database, Document
from netease_crawler.storage.documents import article_item
from netease_crawler.storage.quarantine import kept_ids, let_go
from netease_crawler.storage.withdrawal import withdraw

_RECALLED_AT_MOST = 500  # latest pages of a crawl among which a change is looked for
_AT_ONCE = 1000  # ids in a query
_READ_AGAIN: Document = {"state": PENDING, "is_kept": True}
_ENDED = {"reason": "", "ended_at": ""}


class Suspects:
    """The suspects of one crawl. Whatever is done again changes nothing."""

    def __init__(self, database: Database, crawl: str) -> None:
        self._database = database
        self._crawl = crawl
        self._pages = database["frontier"]
        self._suspect: Document = {
            "crawl": crawl,
            "state": Bucket.REJECTED.value,
            "lacks.0": {"$exists": True},
        }

    async def held(self) -> Counter[Name]:
        """Return how many pages are held for lack of each field."""
        return await self._count(self._suspect, "lacks")

    async def repaired(self) -> Counter[Name]:
        """Return how many pages were held for lack of each field, and then showed it."""
        return await self._count(
            {"crawl": self._crawl, "repaired.0": {"$exists": True}}, "repaired"
        )

    async def sample(self, name: Name, since: datetime | None = None) -> tuple[int, list[str]]:
        """Return how many pages are held for lack of *name*, and the addresses of three.

        Only those read after *since* where that is given.
        """
        lacking = self._suspect | {"lacks": name_text(name)}
        if since is not None:
            lacking["read_at"] = {"$gt": since}
        first = self._pages.find(lacking, {"url": 1}).sort("read_at").limit(3)
        return await self._pages.count_documents(lacking), [page["url"] async for page in first]

    async def release(self, besides: Collection[Name]) -> int:
        """Let every suspect pass that lacks none of *besides*; return how many there were."""
        released = await self._pages.update_many(
            self._suspect | {"lacks": {"$nin": [name_text(name) for name in besides]}},
            {"$set": _READ_AGAIN | {"is_accepted": True}, "$unset": _ENDED},
        )
        return released.modified_count

    async def put_back(self, *, accept: bool) -> int:
        """Let every rejected page in the quarantine be read again; return how many there are.

        With *accept* their articles are stored whatever they lack.
        """
        marks = {"is_accepted": True} if accept else {}
        put_back = 0
        for ids in _batches(await kept_ids(self._database, self._crawl)):
            again = await self._pages.update_many(
                {"_id": {"$in": ids}, "state": Bucket.REJECTED.value},
                {"$set": _READ_AGAIN | marks, "$unset": _ENDED},
            )
            put_back += again.modified_count
        return put_back

    async def waiting(self) -> int:
        """Return how many pages are to be read again and are not yet."""
        return await self._pages.count_documents(
            {"crawl": self._crawl, "state": {"$in": [PENDING, LEASED]}, "is_kept": True}
        )

    async def sweep(self) -> None:
        """Remove from the quarantine what has been read: a crash may have left it there."""
        for ids in _batches(await kept_ids(self._database, self._crawl)):
            read = self._pages.find(
                {
                    "_id": {"$in": ids},
                    "state": {"$nin": [PENDING, LEASED, Bucket.REJECTED.value]},
                },
                {"_id": 1},
            )
            await let_go(self._database, [page["_id"] async for page in read])

    async def recall(self, name: Name) -> None:
        """Take back the articles without *name* that were stored since the site changed.

        Their pages are fetched again. Answers overtake one another: the last page that shows
        it may have ended after some that were changed already, so a few more are taken back.
        """
        layout, field = name
        latest = self._pages.find(
            {
                "crawl": self._crawl,
                "state": {"$in": [bucket.value for bucket in ARTICLE_BUCKETS]},
                "doc_id": {"$type": "string"},
            },
            {"key": 1, "doc_id": 1},
        )
        keys = {
            page["doc_id"]: page["key"]
            async for page in latest.sort("ended_at", DESCENDING).limit(_RECALLED_AT_MOST)
        }
        found = self._database["articles"].find({"_id": {"$in": list(keys)}, "layout": layout})
        fields = {item["_id"]: shown(article_item(item)) async for item in found}
        ended = [doc_id for doc_id in keys if doc_id in fields]
        since = next((n for n, one in enumerate(ended) if fields[one].get(field)), 0)
        recalled = {
            doc_id: keys[doc_id]
            for doc_id in ended[: since + WINDOW]
            if fields[doc_id].get(field) is False
        }
        await self._pages.update_many(
            {"_id": {"$in": [page_id(self._crawl, key) for key in recalled.values()]}},
            {"$set": {"state": PENDING}, "$unset": _ENDED | {"doc_id": ""}},
        )
        await withdraw(self._database, self._crawl, recalled)
        await count_back(
            self._database, self._crawl, layout, (fields[doc_id] for doc_id in recalled)
        )

    async def _count(self, pages: Document, names: str) -> Counter[Name]:
        groups = await self._pages.aggregate(
            [
                {"$match": pages},
                {"$unwind": f"${names}"},
                {"$group": {"_id": f"${names}", "pages": {"$sum": 1}}},
            ]
        )
        return Counter({name_of(group["_id"]): group["pages"] async for group in groups})


def _batches(ids: Sequence[str]) -> Iterable[list[str]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield list(ids[start : start + _AT_ONCE])
