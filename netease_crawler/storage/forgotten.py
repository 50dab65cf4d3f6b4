"""What the archive was told to forget and never takes again: ids and when, no text.

An id is a doc id, a column (all articles of an account) or a media id (``T…``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from netease_crawler.items import Article, Link, Recommendation
from netease_crawler.storage.bulk import insert_missing
from netease_crawler.storage.connection import Database
from netease_crawler.urls import column

L = TypeVar("L", Link, Recommendation)

COLLECTION = "forgotten"
REASON = "forgotten"
"""Why a page of a crawl ended as ``filtered``."""


async def remember(database: Database, ids: Iterable[str], now: datetime) -> None:
    """Let no crawl store *ids* from now on."""
    await insert_missing(database[COLLECTION], [{"_id": id_, "at": now} for id_ in ids])


async def forgotten_among(database: Database, ids: Iterable[str]) -> frozenset[str]:
    """Return those of *ids* that are to stay forgotten."""
    collection = database[COLLECTION]
    # Most archives forget nothing, and a batch of a crawl names thousands of ids: none is
    # looked at then.
    if await collection.find_one({}, {"_id": 1}) is None:
        return frozenset()
    found = collection.find({"_id": {"$in": list(set(ids))}}, {"_id": 1})
    return frozenset([document["_id"] async for document in found])


def page_ids(doc_id: str) -> tuple[str, str]:
    """Return the ids by which the page *doc_id* may be forgotten without a look at it."""
    return doc_id, column(doc_id)


def ids_of(article: Article) -> Iterator[str]:
    """Give every id by which *article*, or a page that it names, may be forgotten."""
    yield from page_ids(article.doc_id)
    if article.account is not None and article.account.media_id is not None:
        yield article.account.media_id
    for link in _links(article):
        if link.doc_id is not None:
            yield from page_ids(link.doc_id)


def is_forgotten(article: Article, forgotten: frozenset[str]) -> bool:
    """Whether *article* itself is among *forgotten*: by its id, column or account."""
    account = article.account
    return _names(article.doc_id, forgotten) or (
        account is not None and account.media_id in forgotten
    )


def without(article: Article, forgotten: frozenset[str]) -> Article:
    """Return *article* without its links to what is *forgotten*, titles and all."""

    def left(links: Sequence[L]) -> tuple[L, ...]:
        return tuple(link for link in links if not _names(link.doc_id, forgotten))

    following = article.next_article
    return replace(
        article,
        recommendations=left(article.recommendations),
        history=left(article.history),
        originals=left(article.originals),
        headlines=tuple(replace(box, links=left(box.links)) for box in article.headlines),
        next_article=None if following and _names(following.doc_id, forgotten) else following,
    )


def _names(doc_id: str | None, forgotten: frozenset[str]) -> bool:
    return doc_id is not None and not forgotten.isdisjoint(page_ids(doc_id))


def _links(article: Article) -> Iterator[Link | Recommendation]:
    yield from article.recommendations
    yield from article.history
    yield from article.originals
    for box in article.headlines:
        yield from box.links
    if article.next_article is not None:
        yield article.next_article
