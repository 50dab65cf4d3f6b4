"""What a batch of ended pages leaves behind, written in the order that makes crashes harmless.

(1) links that the pages led to, (2) the articles and all that belongs to them, (3) how the
pages ended. Each write may be repeated, so a crash between two of them only means that a page
is fetched again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone

from netease_crawler.items import Article
from netease_crawler.ledger.frontier import Bucket, End, Frontier, Page
from netease_crawler.storage.connection import Database
from netease_crawler.storage.quarantine import QuarantinedPage, quarantine
from netease_crawler.storage.writer import ArticleWriter, Entry, Written

_LINKS_REMEMBERED = 20_000


@dataclass(slots=True)
class OpenPage:
    """A leased page that has not ended yet."""

    page: Page
    body: bytes = b""
    links: list[Page] = field(default_factory=list)
    doc_id: str | None = None  # the article that was read from it
    ending: bool = False


@dataclass(slots=True)
class Ending:
    """An open page with how it is to end, waiting to be written."""

    open: OpenPage
    bucket: Bucket | None = None
    reason: str | None = None
    article: Article | None = None
    written: asyncio.Future[Bucket] | None = None


class BatchWriter:
    """Writes batches of a crawl, one at a time."""

    def __init__(self, database: Database, crawl: str, *, drop_copies: bool) -> None:
        self._database = database
        self._crawl = crawl
        self._frontier = Frontier(database, crawl)
        self._articles = ArticleWriter(database, crawl, drop_copies=drop_copies)
        self._known: set[str] = set()

    def is_known(self, key: str) -> bool:
        """Whether the frontier is known to have a page of this *key*."""
        return key in self._known

    async def write(self, batch: Sequence[Ending]) -> list[Bucket]:
        """Write *batch*; return the bucket of each of its pages."""
        now = datetime.now(timezone.utc)
        await self._discover(link for ending in batch for link in ending.open.links)
        written = await self._articles.write(
            [
                Entry(article=ending.article, page=ending.open.page.key)
                for ending in batch
                if ending.article is not None
            ],
            now,
        )
        await quarantine(
            self._database,
            [
                QuarantinedPage(
                    crawl=self._crawl,
                    key=ending.open.page.key,
                    url=ending.open.page.url,
                    reason=ending.reason or "",
                    body=ending.open.body,
                )
                for ending in batch
                if ending.bucket is Bucket.REJECTED
            ],
            now,
        )
        buckets = [_bucket(ending, written) for ending in batch]
        await self._frontier.mark_copies(written.copies)
        await self._frontier.end(
            [
                End(
                    page=ending.open.page,
                    bucket=bucket,
                    reason=ending.reason,
                    doc_id=ending.article.doc_id if ending.article is not None else None,
                )
                for ending, bucket in zip(batch, buckets, strict=True)
            ]
        )
        return buckets

    async def _discover(self, links: Iterable[Page]) -> None:
        new = {link.key: link for link in links if link.key not in self._known}
        await self._frontier.discover(list(new.values()))
        if len(self._known) > _LINKS_REMEMBERED:
            self._known.clear()
        self._known.update(new)


def _bucket(ending: Ending, written: Written) -> Bucket:
    if ending.article is not None:
        return Bucket(written.results[ending.article.doc_id])
    assert ending.bucket is not None
    return ending.bucket
