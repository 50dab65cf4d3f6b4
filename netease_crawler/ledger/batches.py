"""What a batch of ended pages leaves behind, written in the order that makes crashes harmless.

(1) links that the pages led to, (2) the articles and all that belongs to them, and which of
them the site has deleted, (3) how the pages ended, (4) what was read from the quarantine leaves
it. Each write may be repeated, so a crash between two of them only means that a page is fetched
again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from netease_crawler.ledger.coverages import count
from netease_crawler.ledger.ending import Ending
from netease_crawler.ledger.frontier import Frontier
from netease_crawler.ledger.page import RETRIED_BUCKETS, Bucket, End, Page, page_id
from netease_crawler.storage.clock import server_time
from netease_crawler.storage.connection import Database
from netease_crawler.storage.deletions import mark_deleted
from netease_crawler.storage.forgotten import REASON
from netease_crawler.storage.quarantine import QuarantinedPage, keep_on, let_go, quarantine
from netease_crawler.storage.together import together
from netease_crawler.storage.writer import ArticleWriter, Entry, Written
from netease_crawler.urls import is_doc_id

_LINKS_REMEMBERED = 20_000


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
        now = await server_time(self._database)
        await self._discover(link for ending in batch for link in ending.open.links)
        entries = [
            Entry(article=ending.article, page=ending.open.page.key)
            for ending in batch
            if ending.article is not None
        ]
        shown = [ending.shown for ending in batch if ending.shown and ending.article is not None]
        written, _ = await together(
            self._articles.write(entries, now), count(self._database, self._crawl, shown)
        )
        buckets = [_bucket(ending, written) for ending in batch]
        await mark_deleted(self._database, _gone(batch))
        await self._quarantine(batch, buckets, now)
        await self._frontier.mark_copies(written.copies)
        await self._frontier.end(
            [_end(ending, bucket) for ending, bucket in zip(batch, buckets, strict=True)]
        )
        await let_go(
            self._database,
            [
                page_id(self._crawl, ending.open.page.key)
                for ending, bucket in zip(batch, buckets, strict=True)
                if ending.open.page.is_kept and bucket is not Bucket.REJECTED
            ],
        )
        return buckets

    async def _quarantine(
        self, batch: Sequence[Ending], buckets: Sequence[Bucket], now: datetime
    ) -> None:
        new: list[QuarantinedPage] = []
        reasons: dict[str, str] = {}  # of those that are there
        for ending, bucket in zip(batch, buckets, strict=True):
            page, reason = ending.open.page, ending.reason or ""
            if bucket is Bucket.REJECTED and page.is_kept:
                reasons[page_id(self._crawl, page.key)] = reason
            elif bucket is Bucket.REJECTED:
                new.append(
                    QuarantinedPage(
                        crawl=self._crawl,
                        key=page.key,
                        url=page.url,
                        reason=reason,
                        body=ending.open.body,
                        answered_at=ending.open.answered_at or page.url,
                        encoding=ending.open.encoding,
                    )
                )
        await quarantine(self._database, new, now)
        await keep_on(self._database, reasons)

    async def _discover(self, links: Iterable[Page]) -> None:
        new = {link.key: link for link in links if link.key not in self._known}
        await self._frontier.discover(list(new.values()))
        if len(self._known) > _LINKS_REMEMBERED:
            self._known.clear()
        self._known.update(new)


def _gone(batch: Sequence[Ending]) -> dict[str, datetime]:
    """Return the doc ids of *batch* that the site says are deleted, and when it said so."""
    return {
        ending.open.page.key: ending.found_at
        for ending in batch
        if ending.bucket is Bucket.DELETED
        and ending.found_at is not None
        # a saved page, or one from the quarantine, says nothing of the site today
        and is_doc_id(ending.open.page.key)
        and not ending.open.page.is_kept
    }


def _bucket(ending: Ending, written: Written) -> Bucket:
    if ending.article is not None:
        return Bucket(written.results[ending.article.doc_id])
    assert ending.bucket is not None
    if ending.open.page.is_kept and ending.bucket in RETRIED_BUCKETS:
        return Bucket.REJECTED  # another try would give the same answer
    return ending.bucket


def _end(ending: Ending, bucket: Bucket) -> End:
    page = ending.open.page
    return End(
        page=page,
        bucket=bucket,
        # of an article, only the archive decides so
        reason=REASON if ending.article and bucket is Bucket.FILTERED else ending.reason,
        doc_id=ending.article.doc_id if ending.article is not None else None,
        # what cannot be told now is as it was before
        lacks=ending.lacks or (page.lacked if bucket is Bucket.REJECTED else ()),
        repaired=ending.repaired,
        read_at=ending.shown.read_at if ending.shown is not None else None,
    )
