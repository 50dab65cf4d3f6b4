"""What search looks at: the folded title and text of every article, and what selects it.

A small document besides each article (collection ``search``), as an article's own is ten times
as large with its recommendations and boxes. It is written after the article, and a crawl that
fetches the article again writes it if it is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import ReplaceOne, UpdateMany, UpdateOne

from netease_crawler.grams import VERSION, fold
from netease_crawler.storage.connection import Database, Document

COLLECTION = "search"
TAIL = ""
"""The ``shelf`` of a text that is on none yet; it is looked at by every search."""

_SELECTED_BY = (
    "published_at",
    "source",
    "location",
    "keywords",
    "category",
    "first_seen_at",
    "copy_of",
    "deleted_at",
)
TEXT_FIELDS = dict.fromkeys(
    (*_SELECTED_BY, "title", "text", "content_hash", "account", "blocks.kind"), 1
)
"""What :func:`write_texts` needs of an article's document."""


def text_document(article: Document) -> Document:
    """Return the search data of *article*, a document of the archive.

    Fields that select have the names and forms that they have there, so that one filter serves
    both collections.
    """
    document = {name: article[name] for name in _SELECTED_BY if name in article}
    document |= {"_id": article["_id"], "shelf": TAIL, "version": VERSION}
    document["state"] = _state(article)
    document["folded"] = {
        name: fold(article[name]) for name in ("title", "text") if name in article
    }
    if "account" in article:
        account = article["account"]
        document["account"] = {
            name: account[name] for name in ("media_id", "name") if name in account
        }
    kinds = {block["kind"] for block in article.get("blocks", ())}
    document["blocks"] = [{"kind": kind} for kind in sorted(kinds)]
    return document


def _state(article: Document) -> str:
    """Return what no other article has, nor this one with another title or text."""
    return f"{article['_id']}/{article['content_hash']}"


async def write_texts(database: Database, articles: Iterable[Document]) -> None:
    """Write the search data of *articles*, each in place of an earlier one."""
    texts = [text_document(article) for article in articles]
    if texts:
        await database[COLLECTION].bulk_write(
            [ReplaceOne({"_id": text["_id"]}, text, upsert=True) for text in texts],
            ordered=False,
        )


async def mend_texts(database: Database, doc_ids: Sequence[str]) -> None:
    """Bring the search data of *doc_ids* in line with what the archive has of them."""
    ids = list(doc_ids)
    current = {
        text["_id"]: (text["state"], text.get("deleted_at"))
        async for text in database[COLLECTION].find(
            {"_id": {"$in": ids}, "version": VERSION}, {"state": 1, "deleted_at": 1}
        )
    }
    articles = {
        article["_id"]: (_state(article), article.get("deleted_at"))
        async for article in database["articles"].find(
            {"_id": {"$in": ids}}, {"content_hash": 1, "deleted_at": 1}
        )
    }
    gone = [doc_id for doc_id in current if doc_id not in articles]
    if gone:
        await database[COLLECTION].delete_many({"_id": {"$in": gone}})
    stale = [doc_id for doc_id, state in articles.items() if current.get(doc_id) != state]
    if stale:
        found = database["articles"].find({"_id": {"$in": stale}}, TEXT_FIELDS)
        await write_texts(database, await found.to_list())


async def mark_texts(
    database: Database, copies: Mapping[str, str], originals: Iterable[str], *, drop: bool
) -> None:
    """Set ``copy_of`` of *copies* (doc id → original) and take it off the *originals*.

    With *drop* the copies lose their text; their titles stay. No shelf says then what they have.
    """
    change: dict[str, Any] = {"shelf": TAIL} if drop else {}
    lost: dict[str, Any] = {"$unset": {"folded.text": ""}} if drop else {}
    writes: list[UpdateOne | UpdateMany] = [
        UpdateOne({"_id": copy}, {"$set": {"copy_of": original} | change} | lost)
        for copy, original in copies.items()
    ]
    writes.append(
        UpdateMany(
            {"_id": {"$in": list(originals)}, "copy_of": {"$exists": True}},
            {"$unset": {"copy_of": ""}},
        )
    )
    await database[COLLECTION].bulk_write(writes, ordered=False)


async def mark_deleted_texts(database: Database, deleted_at: Mapping[str, datetime]) -> None:
    """Set ``deleted_at`` (doc id → time) of what has search data."""
    if deleted_at:
        await database[COLLECTION].bulk_write(
            [
                UpdateOne({"_id": doc_id}, {"$set": {"deleted_at": at}})
                for doc_id, at in deleted_at.items()
            ],
            ordered=False,
        )
