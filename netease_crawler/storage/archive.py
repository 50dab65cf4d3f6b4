"""What readers ask of the archive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pymongo import DESCENDING
from pymongo.errors import ConnectionFailure

from netease_crawler.items import Article
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.connection import Database, Document, StorageUnavailableError
from netease_crawler.storage.documents import article_item
from netease_crawler.storage.statistics import Statistics, read_statistics

T = TypeVar("T")

_NEWEST_FIRST = (("published_at", DESCENDING), ("_id", DESCENDING))
_BATCH = 100  # articles of about 20 KB
_LONGEST_ANSWER = 120  # seconds; a search in a million texts takes less


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
        return await _answer(self._articles.count_documents(query.to_filter()))

    async def find(
        self, query: ArticleQuery, *, limit: int | None = None, after: str | None = None
    ) -> AsyncGenerator[StoredArticle, None]:
        """Give the articles of *query*, newest first, those without a time last.

        At most *limit* of them, all without; *after* is the doc id that the page before
        ended with. However many there are, a hundred are in memory. Raises
        UnknownArticleError where there is no article *after*.
        """
        criteria = query.to_filter()
        if after is not None:
            criteria = {"$and": [criteria, await self._older_than(after)]}
        cursor = self._articles.find(criteria, limit=limit or 0, batch_size=_BATCH)
        async with cursor.sort(_NEWEST_FIRST):
            while documents := await _answer(cursor.to_list(_BATCH)):
                for document in documents:
                    yield _stored(document)

    async def stats(self) -> Statistics:
        """Return what the archive holds."""
        return await _answer(read_statistics(self._database))

    async def _older_than(self, doc_id: str) -> Document:
        """Return the filter for what follows *doc_id* in the order of :meth:`find`."""
        last = await _answer(self._articles.find_one({"_id": doc_id}, {"published_at": 1}))
        if last is None:
            raise UnknownArticleError(doc_id)
        published_at: Any = last.get("published_at")
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
    except ConnectionFailure as error:
        raise StorageUnavailableError(
            "MongoDB went away; run the command again when it is back"
        ) from error


def _stored(document: Document) -> StoredArticle:
    return StoredArticle(
        article=article_item(document),
        first_seen_at=document["first_seen_at"],
        last_seen_at=document["last_seen_at"],
        copy_of=document.get("copy_of"),
    )
