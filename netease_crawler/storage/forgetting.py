"""Removing articles and accounts from the archive, wherever something of them is.

What is removed is found anew each time, the articles and accounts by which the rest is found
go last: killed in the middle and repeated, it ends the same.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from typing import Any

from netease_crawler.storage.connection import Database, Document
from netease_crawler.storage.copies import mark_copies
from netease_crawler.storage.graph import leaving
from netease_crawler.storage.shelves import dissolve, fill_shelf, shelves
from netease_crawler.storage.texts import COLLECTION as TEXTS
from netease_crawler.urls import column, is_doc_id

_AT_ONCE = 1000  # documents of one write
_LISTS = ("recommendations", "history", "originals")
_NAMED_IN = (*_LISTS, "headlines.links", "next_article")
"""Where an article's document names other articles, with their titles."""
_COLUMN_LENGTH = 8
_HAO = "05"  # first characters of a 网易号 account's column; an editorial one has many authors


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """What is to be forgotten."""

    doc_ids: frozenset[str] = frozenset()
    """Articles that are in none of the columns."""
    columns: frozenset[str] = frozenset()
    media_ids: frozenset[str] = frozenset()

    @property
    def ids(self) -> list[str]:
        """All its ids."""
        return sorted(self.doc_ids | self.columns | self.media_ids)

    @property
    def pages(self) -> Document:
        """Return the condition for a field that is the doc id of one of its articles."""
        columns = [re.compile(f"^.{{8}}{one}$") for one in sorted(self.columns)]
        return {"$in": [*sorted(self.doc_ids), *columns]}

    @property
    def addresses(self) -> Document:
        """Return the condition for a field that has one of its doc ids in it: URL, path."""
        doc_ids = [*sorted(self.doc_ids), *(f"[0-9A-V]{{8}}{one}" for one in sorted(self.columns))]
        return {"$in": [re.compile(f"(?<![0-9A-Z]){one}(?![0-9A-Z])") for one in doc_ids]}


async def select(database: Database, ids: Iterable[str]) -> Selection:
    """Return what *ids* (doc ids, columns, media ids) stand for in the archive.

    An account is its articles, and the columns that are its alone. A column of 网易号 is the
    account that has it, if it is one.
    """
    given = frozenset(ids)
    doc_ids = {one for one in given if is_doc_id(one)}
    columns = {one for one in given if len(one) == _COLUMN_LENGTH}
    media_ids = set(given - doc_ids - columns)
    accounts = database["accounts"]
    for one in sorted(columns):
        owners = await accounts.find({"columns": one}, {"_id": 1}).to_list(2)
        if len(owners) == 1 and one.startswith(_HAO):
            media_ids.add(owners[0]["_id"])
    authors = list(media_ids)
    others = {"_id": {"$nin": authors}}
    for one in await accounts.distinct("columns", {"_id": {"$in": authors}}):
        if one.startswith(_HAO) and await accounts.find_one({"columns": one} | others) is None:
            columns.add(one)
    async for article in database["articles"].find(
        {"account.media_id": {"$in": authors}}, {"_id": 1}
    ):
        doc_ids.add(article["_id"])
    return Selection(
        doc_ids=frozenset(one for one in doc_ids if column(one) not in columns),
        columns=frozenset(columns),
        media_ids=frozenset(media_ids),
    )


async def count(database: Database, selection: Selection) -> dict[str, int]:
    """Return how many documents :func:`remove` would change or delete, by what they are.

    ``mentions`` are articles and revisions of others that lose an entry of a list; the rest
    are collections.
    """
    counts = {
        name: await database[name].count_documents(criteria)
        for name, criteria in _criteria(selection).items()
    }
    mentions = [
        await database[name].count_documents(criteria)
        for name, criteria in _mentions(selection).items()
    ]
    return {"mentions": sum(mentions), **counts}


async def same_text(database: Database, selection: Selection) -> list[str]:
    """Return the doc ids of the articles that stay and have the text of one that goes."""
    articles = database["articles"]
    texts = await articles.distinct("fingerprint", {"_id": selection.pages})
    stay = {"fingerprint": {"$in": texts}, "$nor": [{"_id": selection.pages}]}
    return [document["_id"] async for document in articles.find(stay, {"_id": 1}).sort("_id", 1)]


async def remove(database: Database, selection: Selection) -> AsyncGenerator[tuple[str, int], None]:
    """Remove *selection*; give after each write what of :func:`count` it was, and how many.

    What was a copy of an article that goes is one of the next, or the original. It does not
    touch the frontier: see :mod:`netease_crawler.ledger.forgetting`.
    """
    for name, criteria in _mentions(selection).items():
        async for ids in _batches(database, name, criteria):
            await _strike(database, name, ids, selection.pages)
            yield "mentions", len(ids)
    for name, criteria in _criteria(selection).items():
        if name == "articles":
            await _free_copies(database, selection.pages)
            await _remove_texts(database, selection)
        async for ids in _batches(database, name, criteria):
            await database[name].delete_many({"_id": {"$in": ids}})
            yield name, len(ids)


def in_quarantine(selection: Selection) -> Document:
    """Return the filter for the quarantined pages of *selection*."""
    # also a page that was answered with one of its articles
    return {"$or": [{field: selection.addresses} for field in ("key", "url", "answered_at")]}


def _criteria(selection: Selection) -> dict[str, Document]:
    """Return the filters for what is deleted, in the order in which it is."""
    edges: list[Document] = [{"to": selection.pages}, leaving(sorted(selection.doc_ids))]
    if selection.columns:
        begins = [re.compile(f"^.{{8}}{one}/") for one in sorted(selection.columns)]
        edges.append({"_id": {"$in": begins}})
    return {
        "recommendations": {"$or": edges},
        "headlines": {"doc_id": selection.pages},
        "quarantine": in_quarantine(selection),
        "revisions": {"doc_id": selection.pages},
        # the rest is found by these, so they go last
        "articles": {"_id": selection.pages},
        "accounts": {"_id": {"$in": sorted(selection.media_ids)}},
    }


def _mentions(selection: Selection) -> dict[str, Document]:
    """Return the filters for the articles and revisions of others that name one of it."""
    named: Document = {"$or": [{f"{place}.doc_id": selection.pages} for place in _NAMED_IN]}
    return {
        "articles": named | {"$nor": [{"_id": selection.pages}]},
        "revisions": named | {"$nor": [{"doc_id": selection.pages}]},
    }


async def _remove_texts(database: Database, selection: Selection) -> None:
    """Remove the search data of *selection*: which pairs of characters its texts had, too."""
    await database[TEXTS].delete_many({"_id": selection.pages})
    for shelf in await shelves(database, {"doc_ids": selection.addresses}):
        await dissolve(database, shelf)
    while await fill_shelf(database):
        pass


async def _strike(database: Database, name: str, ids: list[Any], pages: Document) -> None:
    """Take the entries of *pages* off the lists of the documents *ids*."""
    these = {"_id": {"$in": ids}}
    for place in _LISTS:
        await database[name].update_many(
            these | {f"{place}.doc_id": pages}, {"$pull": {place: {"doc_id": pages}}}
        )
    await database[name].update_many(
        these | {"headlines.links.doc_id": pages},
        {"$pull": {"headlines.$[].links": {"doc_id": pages}}},
    )
    await database[name].update_many(
        these | {"next_article.doc_id": pages}, {"$unset": {"next_article": ""}}
    )


async def _free_copies(database: Database, pages: Document) -> None:
    """Mark the copies of the articles *pages* as if these were not there."""
    articles = database["articles"]
    await articles.update_many({"_id": pages}, {"$unset": {"fingerprint": "", "copy_of": ""}})
    await mark_copies(
        database, await articles.distinct("fingerprint", {"copy_of": pages}), drop=False
    )


async def _batches(
    database: Database, name: str, criteria: Document
) -> AsyncGenerator[list[Any], None]:
    async with database[name].find(criteria, {"_id": 1}) as found:
        while documents := await found.to_list(_AT_ONCE):
            yield [document["_id"] for document in documents]
