"""What readers ask of the archive."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, TypeVar

from pymongo import DESCENDING
from pymongo.errors import ConnectionFailure, ExecutionTimeout

from netease_crawler.items import Article
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.connection import (
    Database,
    Document,
    StorageUnavailableError,
    read,
)
from netease_crawler.storage.documents import article_item
from netease_crawler.storage.facets import Facets, read_facets
from netease_crawler.storage.reindexing import OUTDATED
from netease_crawler.storage.rolls import milliseconds
from netease_crawler.storage.searching import Cursor, Ranked, Search
from netease_crawler.storage.statistics import Statistics, read_statistics

T = TypeVar("T")

_SHOWN = ("url", "title", "source", "published_at", "text", "copy_of", "deleted_at")
_NEWEST_FIRST = (("published_at", DESCENDING), ("_id", DESCENDING))
_BATCH = 100  # articles of about 20 KB
_LONGEST_ANSWER = 120  # seconds


class UnknownArticleError(LookupError):
    """The archive has no article with this doc id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredArticle:
    """An article and what the archive knows of it."""

    article: Article
    first_seen_at: datetime
    """When a crawl first stored it, in UTC."""
    last_seen_at: datetime
    """When a crawl last found it on the site, in UTC."""
    copy_of: str | None = None
    """Doc id of the earliest article with the same text; ``None`` for that one itself.
    A copy has no blocks where the crawl ran with ``DUPLICATES=drop``."""
    deleted_at: datetime | None = None
    """When a crawl first found it deleted on the site, in UTC; ``None`` where none has, or a
    later one found it there again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """What a list of found articles shows of one: an article without its lists and boxes."""

    doc_id: str
    url: str
    title: str
    source: str | None
    published_at: datetime | None
    text: str
    copy_of: str | None
    deleted_at: datetime | None = None
    """When it was found deleted on the site, in UTC."""
    cursor: str
    """What the same method takes as *after* to go on behind it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Articles that a search found, in order."""

    hits: list[Hit]
    next: str | None
    """Where the next page begins; ``None`` where this is the last."""


class Archive:
    """Reads a database of the archive.

    Every method raises StorageUnavailableError where the database stops answering.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._articles = database["articles"]

    async def article(self, doc_id: str) -> StoredArticle | None:
        """Return the article *doc_id*, None if it is not in the archive."""
        document = await _answer(self._articles.find_one({"_id": doc_id}))
        return None if document is None else _stored(document)

    async def count(self, query: ArticleQuery) -> int:
        """Return how many articles *query* selects."""
        if query.phrases:
            return await _answer(Search(self._database, query).count())
        return await _answer(self._articles.count_documents(query.to_filter()))

    async def unsearchable(self) -> int:
        """Return how many articles no search finds until ``scrapy reindex``."""
        return await _answer(self._articles.count_documents(OUTDATED))

    async def find(
        self, query: ArticleQuery, *, limit: int | None = None, after: str | None = None
    ) -> AsyncGenerator[StoredArticle, None]:
        """Give the articles of *query*, newest first, those without a time last.

        At most *limit* of them, all without; *after* is the doc id that the page before
        ended with. However many there are, a hundred are in memory. Raises
        UnknownArticleError where there is no article *after*.
        """
        async with aclosing(self._find(query, limit, after)) as documents:
            async for document in documents:
                yield _stored(document)

    async def search(self, query: ArticleQuery, *, limit: int, after: str | None = None) -> Page:
        """Return the *limit* most relevant articles of *query*, which has words to look for.

        *after* is where the page before ended; articles that are stored between two pages are on
        neither. Raises ValueError where *after* is no such place.
        """
        cursor = None if after is None else Cursor.read(after)
        asked_at = datetime.now(timezone.utc) if cursor is None else cursor.asked_at
        ranked = await _answer(
            Search(self._database, query).most_relevant(
                limit + 1, asked_at, cursor.last if cursor else None
            )
        )
        return Page(
            hits=await self._hits(ranked[:limit], asked_at),
            next=str(Cursor(asked_at, ranked[limit - 1])) if len(ranked) > limit else None,
        )

    async def newest(self, query: ArticleQuery, *, limit: int, after: str | None = None) -> Page:
        """Return the *limit* newest articles of *query*, from the one that follows *after*.

        Raises UnknownArticleError where there is no article *after*.
        """
        async with aclosing(self._find(query, limit + 1, after, _SHOWN)) as documents:
            found = [document async for document in documents]
        hits = [Hit(cursor=one["_id"], **_values(one)) for one in found[:limit]]
        return Page(hits=hits, next=hits[-1].cursor if len(found) > limit else None)

    async def facets(self, query: ArticleQuery) -> Facets:
        """Return what the articles of *query* have in common; of many, an estimate."""
        return await _answer(read_facets(self._database, query))

    async def stats(self) -> Statistics:
        """Return what the archive holds."""
        return await _answer(read_statistics(self._database))

    def _find(
        self,
        query: ArticleQuery,
        limit: int | None,
        after: str | None,
        fields: Sequence[str] | None = None,
    ) -> AsyncGenerator[Document, None]:
        """Give the documents of :meth:`find`, or these *fields* of them."""
        find = self._matching if query.phrases else self._selected
        return find(query, limit, after, fields)

    async def _selected(
        self,
        query: ArticleQuery,
        limit: int | None,
        after: str | None,
        fields: Sequence[str] | None,
    ) -> AsyncGenerator[Document, None]:
        criteria = query.to_filter()
        if after is not None:
            criteria = {"$and": [criteria, await self._older_than(after)]}
        cursor = self._articles.find(criteria, fields, limit=limit or 0, batch_size=_BATCH)
        async with cursor.sort(_NEWEST_FIRST):
            while documents := await _answer(cursor.to_list(_BATCH)):
                for document in documents:
                    yield document

    async def _matching(
        self,
        query: ArticleQuery,
        limit: int | None,
        after: str | None,
        fields: Sequence[str] | None,
    ) -> AsyncGenerator[Document, None]:
        last = None if after is None else (milliseconds(await self._published_at(after)), after)
        left = sys.maxsize if limit is None else limit
        async with aclosing(Search(self._database, query).newest(last)) as batches:
            while left and (doc_ids := await _answer(anext(batches, None))) is not None:
                while doc_ids and left:
                    size = min(left, _BATCH)
                    for document in await self._documents(doc_ids[:size], fields):
                        yield document
                        left -= 1
                    doc_ids = doc_ids[size:]

    async def _documents(
        self, doc_ids: Sequence[str], fields: Sequence[str] | None
    ) -> list[Document]:
        """Return the articles *doc_ids*, in this order, that are there."""
        cursor = self._articles.find({"_id": {"$in": doc_ids}}, fields)
        documents = {document["_id"]: document for document in await _answer(read(cursor))}
        return [documents[doc_id] for doc_id in doc_ids if doc_id in documents]

    async def _hits(self, ranked: Sequence[Ranked], asked_at: datetime) -> list[Hit]:
        cursors = {one.doc_id: str(Cursor(asked_at, one)) for one in ranked}
        documents = await self._documents(list(cursors), _SHOWN)
        return [Hit(cursor=cursors[one["_id"]], **_values(one)) for one in documents]

    async def _published_at(self, doc_id: str) -> datetime | None:
        article = await _answer(self._articles.find_one({"_id": doc_id}, {"published_at": 1}))
        if article is None:
            raise UnknownArticleError(doc_id)
        return article.get("published_at")

    async def _older_than(self, doc_id: str) -> Document:
        """Return the filter for what follows *doc_id* in the order of :meth:`find`."""
        published_at = await self._published_at(doc_id)
        if published_at is None:
            return {"published_at": None, "_id": {"$lt": doc_id}}
        return {
            # not $lte, which leaves out those without a time; an index serves both
            "published_at": {"$not": {"$gt": published_at}},
            "$or": [{"published_at": {"$ne": published_at}}, {"_id": {"$lt": doc_id}}],
        }


async def _answer(operation: Awaitable[T]) -> T:
    try:
        return await asyncio.wait_for(operation, _LONGEST_ANSWER)
    except asyncio.TimeoutError:
        raise StorageUnavailableError(
            f"MongoDB gave no answer within {_LONGEST_ANSWER} seconds: see that it is well, or"
            " select less"
        ) from None
    except ExecutionTimeout:
        raise StorageUnavailableError(
            "the search was stopped, as it took too long: give more words, a source or a period"
        ) from None
    except ConnectionFailure as error:
        raise StorageUnavailableError(
            "MongoDB went away; run the command again when it is back"
        ) from error


def _values(document: Document) -> dict[str, Any]:
    """Return what :class:`Hit` shows of *document*."""
    values = {name: document.get(name) for name in _SHOWN}
    return values | {"doc_id": document["_id"], "text": document.get("text", "")}


def _stored(document: Document) -> StoredArticle:
    return StoredArticle(
        article=article_item(document),
        first_seen_at=document["first_seen_at"],
        last_seen_at=document["last_seen_at"],
        copy_of=document.get("copy_of"),
        deleted_at=document.get("deleted_at"),
    )
