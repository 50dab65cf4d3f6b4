"""What the archive knows of an account of 网易号."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import datetime

from pymongo import DESCENDING

from netease_crawler.items import Account
from netease_crawler.storage.connection import Database, Document, read
from netease_crawler.storage.rhythm import (
    FollowerCount,
    by_hour,
    by_month,
    follower_counts,
    in_beijing,
)
from netease_crawler.storage.together import together

_MEDIA_ID = re.compile(r"T\d{13}", re.ASCII)
_LISTED = 10
_LONGEST = 20_000  # milliseconds
_NEWEST_FIRST = [("published_at", DESCENDING), ("_id", DESCENDING)]


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
    by_hour: list[list[int]]
    """Articles by day of the week, from Monday, and hour of publication in Beijing: 7 times 24."""
    followers: list[FollowerCount]
    """The last count of each day (Beijing) on which an article of it was fetched, in order; of many
    articles 300 are looked at, spread evenly over its time."""
    newest: list[AccountArticle]
    """The last ten."""
    recommended: list[Recommended]
    """The ten pages that most of its articles recommend."""
    recommended_sources: dict[str, int]
    """The ten sources that most of its articles recommend, and how many do."""


async def read_account(
    database: Database, given: str, *, recommending: int | None = None
) -> AccountFacts | None:
    """Return the account *given*, a media id (``T…``) or a name; None if the archive has none.

    A former name will do, if no account has it now. What is recommended is that of its newest
    *recommending* articles, of all without. Raises AmbiguousNameError.
    """
    media_id = given if _MEDIA_ID.fullmatch(given) else await _media_id(database, given)
    if media_id is None:
        return await _facts(database, {"account.name": given}, None, recommending)
    card = await database["accounts"].find_one({"_id": media_id}, max_time_ms=_LONGEST)
    return await _facts(database, {"account.media_id": media_id}, card, recommending)


async def _media_id(database: Database, name: str) -> str | None:
    """Return the media id of the account *name*; raises AmbiguousNameError."""
    ids = await database["accounts"].distinct("_id", {"name": name}, maxTimeMS=_LONGEST)
    if not ids:
        ids = await database["articles"].distinct(
            "account.media_id", {"account.name": name}, maxTimeMS=_LONGEST
        )
    if len(ids) > 1:
        raise AmbiguousNameError(*sorted(ids))
    return str(ids[0]) if ids else None


async def _facts(
    database: Database, its: Document, card: Document | None, recommending: int | None
) -> AccountFacts | None:
    """Return the facts about the account of *card*, whose articles the filter *its* selects."""
    articles = database["articles"]
    # The index alone gives what is asked of all of them; an article is 20 KB.
    asked = {"published_at": 1, "copy_of": 1}
    stored = await read(articles.find(its, asked).sort(_NEWEST_FIRST))
    if card is None and not stored:
        return None
    doc_ids = [document["_id"] for document in stored]
    dated = [one["published_at"] for one in stored if one.get("published_at") is not None]
    times = in_beijing(dated)
    newest, followers, (pages, sources) = await together(
        _newest(database, doc_ids[:_LISTED]),
        follower_counts(database, doc_ids),
        _recommended(database, its, recommending),
    )
    return AccountFacts(
        account=_account({"media_id": card["_id"], **card} if card else newest[0]["account"]),
        first_seen_at=card["first_seen_at"] if card else None,
        last_seen_at=card["last_seen_at"] if card else None,
        articles=len(stored),
        copies=sum(one.get("copy_of") is not None for one in stored),
        undated=len(stored) - len(times),
        by_month=by_month(times),
        by_hour=by_hour(times),
        followers=followers,
        newest=[
            AccountArticle(
                doc_id=document["_id"],
                title=document["title"],
                published_at=document.get("published_at"),
                copy_of=document.get("copy_of"),
            )
            for document in newest
        ],
        recommended=pages,
        recommended_sources=sources,
    )


async def _newest(database: Database, doc_ids: list[str]) -> list[Document]:
    shown = dict.fromkeys(("title", "published_at", "copy_of", "account"), 1)
    found = database["articles"].find({"_id": {"$in": doc_ids}}, shown)
    documents = {document["_id"]: document for document in await read(found)}
    return [documents[doc_id] for doc_id in doc_ids if doc_id in documents]


async def _recommended(
    database: Database, its: Document, newest: int | None
) -> tuple[list[Recommended], dict[str, int]]:
    """Return the pages, and the sources, that most of its *newest* articles recommend."""
    looked_at: list[Document] = [{"$match": its}]
    if newest is not None:
        looked_at += [{"$sort": dict(_NEWEST_FIRST)}, {"$limit": newest}]
    page = {"$ifNull": ["$$entry.doc_id", "$$entry.url"]}
    pages = {"$map": {"input": "$recommendations", "as": "entry", "in": page}}
    counted, sources = await together(
        _most_frequent(database, looked_at, pages),
        _most_frequent(database, looked_at, "$recommendations.source"),
    )
    listed = await _listed(database, looked_at, list(counted))
    nameless = {"title": None, "source": None}  # forgotten since it was counted
    return [
        Recommended(articles=articles, doc_id=page_id, **listed.get(page_id, nameless))
        for page_id, articles in counted.items()
    ], sources


async def _most_frequent(
    database: Database, looked_at: list[Document], values: object
) -> dict[str, int]:
    """Return the ten of *values* that most articles have, and how many do."""
    found = await database["articles"].aggregate(
        [
            *looked_at,
            # each once, as a page may be in both lists of an article
            {"$project": {"value": {"$setUnion": [values, []]}}},
            {"$unwind": "$value"},
            {"$match": {"value": {"$gt": ""}}},
            {"$group": {"_id": "$value", "articles": {"$sum": 1}}},
            {"$sort": {"articles": -1, "_id": 1}},
            {"$limit": _LISTED},
        ],
        maxTimeMS=_LONGEST,
        allowDiskUse=True,
    )
    return {one["_id"]: one["articles"] async for one in found}


async def _listed(
    database: Database, looked_at: list[Document], page_ids: list[str]
) -> dict[str, Document]:
    """Return the title and source under which articles list *page_ids*."""
    entry = "recommendations"
    page = {"$ifNull": ["$$entry.doc_id", "$$entry.url"]}
    wanted = {"input": f"${entry}", "as": "entry", "cond": {"$in": [page, page_ids]}}
    found = await database["articles"].aggregate(
        [
            *looked_at,
            {"$project": {entry: {"$filter": wanted}}},
            {"$unwind": f"${entry}"},
            {
                "$group": {
                    "_id": {"$ifNull": [f"${entry}.doc_id", f"${entry}.url"]},
                    "title": {"$first": f"${entry}.title"},
                    "source": {"$max": f"${entry}.source"},  # the hot list has none
                }
            },
        ],
        maxTimeMS=_LONGEST,
    )
    return {one.pop("_id"): one async for one in found}


def _account(document: Document) -> Account:
    names = [field.name for field in fields(Account)]
    return Account(**{name: document[name] for name in names if name in document})
