"""The archive in scripts and notebooks: ``from netease_crawler import Archive``."""

from __future__ import annotations

import logging
import os
import weakref
from collections.abc import Awaitable, Callable, Iterator
from types import TracebackType
from typing import Literal, TypeVar, get_args

from typing_extensions import Self, Unpack

from netease_crawler import settings
from netease_crawler.criteria import Criteria, read_query
from netease_crawler.queries import ArticleQuery
from netease_crawler.storage.account import AccountFacts, AmbiguousNameError, read_account
from netease_crawler.storage.archive import Archive as AsyncArchive
from netease_crawler.storage.archive import Page, StoredArticle, UnknownArticleError
from netease_crawler.storage.connection import Database, StorageUnavailableError
from netease_crawler.storage.graph import Direction, Graph, Neighbour
from netease_crawler.storage.statistics import Statistics
from netease_crawler.storage.threaded import ThreadedStorage

__all__ = ["Archive", "ArticleQuery", "StorageUnavailableError"]

logger = logging.getLogger(__name__)

T = TypeVar("T")
Kind = Literal["related", "hot"]
"""相关推荐 or 热点推荐."""


class Archive:
    """The archive of articles at *uri*, which any thread may ask.

    As for the commands, ``None`` is ``MONGO_URI`` (``MONGO_DATABASE``) of the environment, else of
    the settings; without an address it is the embedded MongoDB of the working directory. The
    archive is opened when it is first asked, and closed by :meth:`close`, by ``with``, when nothing
    refers to it any more, or at exit.

    Articles are selected by words, as ``scrapy search`` takes them, and criteria; or by an
    :class:`ArticleQuery`, of which criteria replace those with their names. Methods raise
    ValueError where an argument cannot be meant, and StorageUnavailableError where MongoDB does
    not answer, each with one line.
    """

    def __init__(self, uri: str | None = None, database: str | None = None) -> None:
        self._storage = ThreadedStorage(
            _setting("MONGO_URI") if uri is None else uri,
            _setting("MONGO_DATABASE") if database is None else database,
            _setting("MONGOD_BINARY"),
        )
        self._is_searchable = False
        weakref.finalize(self, self._storage.end)

    def search(
        self,
        text_or_query: str | ArticleQuery | None = None,
        *,
        limit: int = 20,
        newest: bool = False,
        after: str | None = None,
        **criteria: Unpack[Criteria],
    ) -> Page:
        """Return the *limit* most relevant articles; the newest if *newest* or without words.

        *after* is ``next`` of the page before, or the ``cursor`` of a hit. By relevance pages end
        after a few hundred articles; all that match are counted, and found by :meth:`find`.
        """
        query = self._query(text_or_query, criteria)
        _check_number("limit", limit)

        async def page(database: Database) -> Page:
            archive = AsyncArchive(database)
            if query.phrases and not newest:
                return await archive.search(query, limit=limit, after=after)
            return await archive.newest(query, limit=limit, after=after)

        try:
            return self._ask(page)
        except ValueError as error:
            raise ValueError(f"after: {error}") from None
        except UnknownArticleError as error:
            raise ValueError(f"after: there is no article {error}") from None

    def find(
        self, text_or_query: str | ArticleQuery | None = None, **criteria: Unpack[Criteria]
    ) -> Iterator[StoredArticle]:
        """Give all the articles, whole, the newest first, those without a time last.

        However many there are, a hundred are in memory.
        """
        return self._stream(self._query(text_or_query, criteria))

    def count(
        self, text_or_query: str | ArticleQuery | None = None, **criteria: Unpack[Criteria]
    ) -> int:
        """Return how many articles there are."""
        query = self._query(text_or_query, criteria)
        return self._ask(lambda database: AsyncArchive(database).count(query))

    def article(self, doc_id: str) -> StoredArticle | None:
        """Return the article *doc_id*, None if it is not in the archive."""
        return self._ask(lambda database: AsyncArchive(database).article(doc_id))

    def account(self, name_or_id: str) -> AccountFacts | None:
        """Return the account of this media id (``T…``) or name; None if the archive has none."""
        try:
            return self._ask(lambda database: read_account(database, name_or_id))
        except AmbiguousNameError as error:
            ids = ", ".join(error.args)
            raise ValueError(f"several accounts are named {name_or_id!r}: {ids}") from None

    def neighbours(
        self,
        doc_id: str,
        direction: Direction = "out",
        *,
        kind: Kind | None = None,
        depth: int = 1,
        limit: int = 100,
    ) -> list[Neighbour]:
        """Return what *doc_id*, an article or video, recommends; what recommends it (``in``).

        Up to *depth* steps away, the nearest first, at most *limit*.
        """
        _check_choice("direction", direction, get_args(Direction))
        _check_choice("kind", kind, (None, *get_args(Kind)))
        _check_number("depth", depth)
        _check_number("limit", limit)
        return self._ask(
            lambda database: Graph(database).neighbours(
                doc_id, direction, kind=kind, depth=depth, limit=limit
            )
        )

    def stats(self) -> Statistics:
        """Return what the archive holds."""
        return self._ask(lambda database: AsyncArchive(database).stats())

    def close(self) -> None:
        """Close the connection, and let go of the embedded MongoDB; calls that run are ended."""
        self._storage.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _query(self, text_or_query: str | ArticleQuery | None, criteria: Criteria) -> ArticleQuery:
        query = read_query(text_or_query, criteria)
        if query.phrases and not self._is_searchable:
            if missing := self._ask(lambda database: AsyncArchive(database).unsearchable()):
                logger.warning(
                    "Not searched: %s articles without search data; `scrapy reindex` makes it",
                    missing,
                )
            self._is_searchable = True  # said once
        return query

    def _stream(self, query: ArticleQuery) -> Iterator[StoredArticle]:
        # It refers to this Archive, which so stays open while anyone reads.
        yield from self._storage.stream(lambda storage: AsyncArchive(storage.database).find(query))

    def _ask(self, question: Callable[[Database], Awaitable[T]]) -> T:
        return self._storage.call(lambda storage: question(storage.database))


def _setting(name: str) -> str:
    return os.environ.get(name) or str(getattr(settings, name))


def _check_number(name: str, value: int) -> None:
    if not isinstance(value, int) or value < 1:
        raise ValueError(f"{name}: a whole number from 1 up, not {value!r}")


def _check_choice(name: str, value: str | None, choices: tuple[str | None, ...]) -> None:
    if value not in choices:
        raise ValueError(f"{name}: {' or '.join(map(repr, choices))}, not {value!r}")
