"""What the archive knows of an account of 网易号."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import datetime

from pymongo import DESCENDING

from netease_crawler.items import Account
from netease_crawler.storage.connection import Database, Document, read

_MEDIA_ID = re.compile(r"T\d{13}", re.ASCII)
_LISTED = 10
_LONGEST = 20_000  # milliseconds


class AmbiguousNameError(LookupError):
    """Several accounts have this name; the arguments are their media ids."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountArticle:
    """An article of the account."""

    doc_id: str
    title: str
    published_at: datetime | None
    copy_of: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Recommended:
    """A page that articles of the account recommend."""

    articles: int
    """How many of them did when they were found new or changed."""
    doc_id: str
    """Id of the article or video; the address of what has neither."""
    title: str | None
    source: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountFacts:
    """An account, and its articles that are stored."""

    account: Account
    """As it was last seen."""
    first_seen_at: datetime | None
    """When its card was first seen, in UTC; ``None`` for one that shows no media id."""
    last_seen_at: datetime | None
    articles: int
    """Stored ones, copies too."""
    copies: int
    """Those whose text an earlier article has, of whatever account."""
    undated: int
    """Those without a time of publication."""
    by_month: dict[str, int]
    """Articles by month of publication in Beijing (``2024-05``), in order."""
    newest: list[AccountArticle]
    """The last ten."""
    recommended: list[Recommended]
    """The ten pages that most of its articles recommend."""
    recommended_sources: dict[str, int]
    """The ten sources that most of its articles recommend, and how many do."""


async def read_account(database: Database, given: str) -> AccountFacts | None:
    """Return the account *given*, a media id (``T…``) or a name; None if the archive has none.

    A former name will do, if no account has it now. Raises AmbiguousNameError.
    """
    media_id = given if _MEDIA_ID.fullmatch(given) else await _media_id(database, given)
    if media_id is None:
        return await _facts(database, {"account.name": given}, None)
    card = await database["accounts"].find_one({"_id": media_id})
    return await _facts(database, {"account.media_id": media_id}, card)


async def _media_id(database: Database, name: str) -> str | None:
    """Return the media id of the account *name*; raises AmbiguousNameError."""
    ids = await database["accounts"].distinct("_id", {"name": name})
    if not ids:
        ids = await database["articles"].distinct("account.media_id", {"account.name": name})
    if len(ids) > 1:
        raise AmbiguousNameError(*sorted(ids))
    return str(ids[0]) if ids else None


async def _facts(database: Database, its: Document, card: Document | None) -> AccountFacts | None:
    """Return the facts about the account of *card*, whose articles the filter *its* selects."""
    shown = dict.fromkeys(("title", "published_at", "copy_of", "account"), 1)
    order = [("published_at", DESCENDING), ("_id", DESCENDING)]
    newest = await read(database["articles"].find(its, shown, limit=_LISTED).sort(order))
    if card is None and not newest:
        return None
    months = await _months(database, its)
    undated = months.pop("", 0)
    pages, sources = await _recommended(database, its)
    return AccountFacts(
        account=_account({"media_id": card["_id"], **card} if card else newest[0]["account"]),
        first_seen_at=card["first_seen_at"] if card else None,
        last_seen_at=card["last_seen_at"] if card else None,
        articles=sum(months.values()) + undated,
        copies=await database["articles"].count_documents(its | {"copy_of": {"$exists": True}}),
        undated=undated,
        by_month=months,
        newest=[
            AccountArticle(
                doc_id=document["_id"],
                title=document["title"],
                published_at=document.get("published_at"),
                copy_of=document.get("copy_of"),
            )
            for document in newest
        ],
        recommended=[
            Recommended(
                articles=page["articles"],
                doc_id=page["_id"],
                title=page.get("title"),
                source=page.get("source"),
            )
            for page in pages
        ],
        recommended_sources={source["_id"]: source["articles"] for source in sources},
    )


async def _months(database: Database, its: Document) -> dict[str, int]:
    """Return the articles of each month; those without a time under the empty text."""
    month = {"date": "$published_at", "format": "%Y-%m", "timezone": "+08:00", "onNull": ""}
    counts = await database["articles"].aggregate(
        [
            {"$match": its},
            {"$group": {"_id": {"$dateToString": month}, "articles": {"$sum": 1}}},
            {"$sort": {"_id": 1}},
        ],
        maxTimeMS=_LONGEST,
    )
    return {count["_id"]: count["articles"] async for count in counts}


async def _recommended(database: Database, its: Document) -> tuple[list[Document], list[Document]]:
    """Return the pages, and the sources, that most articles recommend."""
    entry = "recommendations"
    page = {"$ifNull": [f"${entry}.doc_id", f"${entry}.url"]}
    most = [{"$sort": {"articles": -1, "_id": 1}}, {"$limit": _LISTED}]
    found = await database["articles"].aggregate(
        [
            {"$match": its},
            {"$project": {f"{entry}.{name}": 1 for name in ("doc_id", "url", "title", "source")}},
            {"$unwind": f"${entry}"},
            {
                "$facet": {
                    # a page may be in both lists of an article
                    "pages": [
                        {
                            "$group": {
                                "_id": {"page": page, "by": "$_id"},
                                "title": {"$first": f"${entry}.title"},
                                "source": {"$max": f"${entry}.source"},  # the hot list has none
                            }
                        },
                        {
                            "$group": {
                                "_id": "$_id.page",
                                "articles": {"$sum": 1},
                                "title": {"$first": "$title"},
                                "source": {"$max": "$source"},
                            }
                        },
                        *most,
                    ],
                    "sources": [
                        {"$match": {f"{entry}.source": {"$gt": ""}}},
                        {"$group": {"_id": {"source": f"${entry}.source", "by": "$_id"}}},
                        {"$group": {"_id": "$_id.source", "articles": {"$sum": 1}}},
                        *most,
                    ],
                }
            },
        ],
        maxTimeMS=_LONGEST,
        allowDiskUse=True,
    )
    [facets] = await found.to_list()
    return facets["pages"], facets["sources"]


def _account(document: Document) -> Account:
    names = [field.name for field in fields(Account)]
    return Account(**{name: document[name] for name in names if name in document})
