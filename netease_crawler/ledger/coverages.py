"""How many articles of a crawl show each field, kept with the crawl.

Counted when a batch of articles has been written. A crash in between, or an answer of the
database that is lost, may leave a batch out or count it twice: it is a statistic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pymongo import DESCENDING

from netease_crawler.drift import (
    CHANCE,
    Coverage,
    Coverages,
    Name,
    chance,
    counted,
    is_strict,
    usual_share,
)
from netease_crawler.storage.connection import Database, Document

_CRAWLS_LOOKED_AT = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What one article shows of the fields it can be asked for."""

    layout: str
    fields: dict[str, bool]
    read_at: datetime
    """When it was read, by the database's clock, no two of a worker at once."""

    @property
    def lacking(self) -> list[Name]:
        """What it does not show."""
        return [(self.layout, field) for field, is_shown in self.fields.items() if not is_shown]


def coverages_of(crawl: Document) -> Coverages:
    """Return the coverages in the document of a *crawl*."""
    return {
        (layout, key.replace("/", ".")): Coverage(count["asked"], count["shown"])
        for layout, fields in crawl.get("coverage", {}).items()
        for key, count in fields.items()
    }


async def archive_coverages(database: Database, besides: str) -> Coverages:
    """Return the sums over the latest hundred crawls, without the one called *besides*."""
    sums: Coverages = {}
    found = database["crawls"].find(
        {"_id": {"$ne": besides}, "coverage": {"$exists": True}}, {"coverage": 1}
    )
    async for crawl in found.sort("started_at", DESCENDING).limit(_CRAWLS_LOOKED_AT):
        for name, coverage in coverages_of(crawl).items():
            sums.setdefault(name, Coverage()).add(coverage.asked, coverage.shown)
    return sums


async def count(database: Database, crawl: str, articles: Sequence[Shown]) -> None:
    """Add *articles*, in the order in which they were read, to the coverage of *crawl*."""
    if not articles:
        return
    sums: Coverages = {}
    latest: Document = {}
    for article in articles:
        counted(sums, article.layout, article.fields)
        for field, is_shown in article.fields.items():
            if is_shown:
                latest[f"{_path((article.layout, field))}.shown_at"] = article.read_at
    await database["crawls"].update_one({"_id": crawl}, {"$inc": _increments(sums), "$max": latest})


async def count_back(
    database: Database, crawl: str, layout: str, articles: Iterable[Mapping[str, bool]]
) -> None:
    """Take *articles* of *layout*, what each of them shows, out of the coverage of *crawl*."""
    sums: Coverages = {}
    for fields in articles:
        counted(sums, layout, fields)
    if sums:
        await database["crawls"].update_one({"_id": crawl}, {"$inc": _increments(sums, -1)})


def shown_at(crawl: Document, name: Name) -> datetime | None:
    """Return when the last article was read that shows *name*, None where there is none."""
    layout, field = name
    fields: Document = crawl.get("coverage", {}).get(layout, {})
    at: datetime | None = fields.get(field.replace(".", "/"), {}).get("shown_at")
    return at


def is_rare(name: Name, asked: int, shown: int) -> bool:
    """Whether fewer articles show *name*, of those *asked*, than chance has it.

    False for what not every page known shows: what is usual differs from crawl to crawl.
    """
    share = usual_share(name)
    return is_strict(share) and chance(asked - shown, asked, share) < CHANCE


def _increments(sums: Coverages, times: int = 1) -> Document:
    return {
        f"{_path(name)}.{part}": times * number
        for name, coverage in sums.items()
        for part, number in (("asked", coverage.asked), ("shown", coverage.shown))
    }


def _path(name: Name) -> str:
    # a dot would begin a level of its own
    layout, field = name
    return f"coverage.{layout}.{field.replace('.', '/')}"
