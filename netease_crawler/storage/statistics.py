"""How much of what the archive holds.

The counts are read off the indexes, not the articles, which are a hundred times larger,
and not the server's own count, which may be wrong after a crash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from netease_crawler.storage.connection import Database, Document

_TOP_SOURCES = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Statistics:
    """What an archive holds."""

    articles: int
    """All of them, copies too."""
    copies: int
    """Articles whose text an earlier one has."""
    accounts: int
    edges: int
    """Recommendations of a page by an article."""
    revisions: int
    """Earlier states of articles that were edited."""
    quarantine: int
    """Pages that could not be read as articles."""
    earliest: datetime | None
    """Publication of the first article, in UTC; ``None`` where none has a time."""
    latest: datetime | None
    """Publication of the last article, in UTC."""
    undated: int
    """Articles without a time of publication."""
    by_month: dict[str, int]
    """Articles by month of publication in Beijing (``2024-05``), in order."""
    top_sources: dict[str, int]
    """Articles of the ten sources with the most, the largest first."""
    by_layout: dict[str, int]
    """Articles by the layout that read them, the most frequent first."""
    bytes: int
    """What data and indexes take on disk."""


async def read_statistics(database: Database) -> Statistics:
    """Return the statistics of *database*."""
    layouts = await _by_value(database, "layout")
    sources = await _by_value(database, "source")
    months = await _months(database)
    articles = await _size(database, "articles")
    by_month = {str(month["_id"]): int(month["articles"]) for month in months}
    disk = await database.command("dbStats")
    return Statistics(
        articles=articles,
        copies=await database["articles"].count_documents({"copy_of": {"$exists": True}}),
        accounts=await _size(database, "accounts"),
        edges=await _size(database, "recommendations"),
        revisions=await _size(database, "revisions"),
        quarantine=await _size(database, "quarantine"),
        earliest=months[0]["earliest"] if months else None,
        latest=months[-1]["latest"] if months else None,
        undated=articles - sum(by_month.values()),
        by_month=by_month,
        top_sources=dict(list(sources.items())[:_TOP_SOURCES]),
        by_layout=layouts,
        bytes=int(disk["storageSize"] + disk["indexSize"]),
    )


async def _size(database: Database, collection: str) -> int:
    return await database[collection].count_documents({}, hint="_id_")


async def _by_value(database: Database, field: str) -> dict[str, int]:
    counts = await database["articles"].aggregate(
        [
            {"$match": {field: {"$gt": ""}}},  # a text
            {"$group": {"_id": f"${field}", "articles": {"$sum": 1}}},
            {"$sort": {"articles": -1, "_id": 1}},
        ]
    )
    return {count["_id"]: count["articles"] async for count in counts}


async def _months(database: Database) -> list[Document]:
    month = {"date": "$published_at", "format": "%Y-%m", "timezone": "+08:00"}
    months = await database["articles"].aggregate(
        [
            {"$match": {"published_at": {"$type": "date"}}},
            {
                "$group": {
                    "_id": {"$dateToString": month},
                    "articles": {"$sum": 1},
                    "earliest": {"$min": "$published_at"},
                    "latest": {"$max": "$published_at"},
                }
            },
            {"$sort": {"_id": 1}},
        ]
    )
    return await months.to_list()
