"""Forgetting articles and accounts: the archive's part, and the pages of crawls."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime, timezone

from netease_crawler.ledger.page import Bucket
from netease_crawler.storage.connection import Database, Document
from netease_crawler.storage.forgetting import Selection, count, in_quarantine, remove
from netease_crawler.storage.forgotten import REASON, remember

_STAY = (Bucket.DELETED.value, Bucket.FILTERED.value)  # nothing was kept or will be fetched


async def count_forgettable(database: Database, selection: Selection) -> dict[str, int]:
    """Return how many documents :func:`forget` would change or delete, by what they are."""
    pages = await _pages(database, selection)
    return {
        **await count(database, selection),
        "frontier": await database["frontier"].count_documents(pages),
    }


async def forget(database: Database, selection: Selection) -> AsyncGenerator[tuple[str, int], None]:
    """Remove *selection*, and let no crawl store it again; give what was done, as it is done.

    Its pages end as ``filtered``, so that the reports of old crawls still add up. Killed in
    the middle and repeated, it ends the same.
    """
    # First of all: a crawl that is running must not bring back what has been removed.
    await remember(database, selection.ids, datetime.now(timezone.utc))
    # Before what they promise is gone.
    yield "frontier", await _end_pages(database, selection)
    async for step in remove(database, selection):
        yield step


async def _end_pages(database: Database, selection: Selection) -> int:
    pages = await _pages(database, selection)
    crawls = await database["frontier"].distinct("crawl", pages)
    # These are counted from now on: what was kept of them at their end is no more so.
    await database["crawls"].update_many({"_id": {"$in": crawls}}, {"$unset": {"states": ""}})
    ended = await database["frontier"].update_many(
        pages,
        [
            {"$set": {"state": Bucket.FILTERED.value, "reason": REASON, "ended_at": "$$NOW"}},
            {"$unset": ["worker", "until", "is_kept", "is_accepted", "lacks", "read_at"]},
        ],
    )
    return ended.modified_count


async def _pages(database: Database, selection: Selection) -> Document:
    """Return the filter for the pages of crawls that lead, or led, to *selection*."""
    kept = await database["quarantine"].distinct("_id", in_quarantine(selection))
    return {
        "state": {"$nin": list(_STAY)},
        "$or": [
            {"key": selection.addresses},
            {"doc_id": selection.pages},
            {"_id": {"$in": kept}},
        ],
    }
